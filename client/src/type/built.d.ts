/** Address of the lazy file below `/api/`, put in by the build because it carries a hash. */
declare const MODULES_FILE: string;
/** Address of the vitals file beside the lazy file. */
declare const VITALS_FILE: string;
/** Address of the survey file beside the lazy file. */
declare const SURVEY_FILE: string;
