import { init, preview, startForm } from "./form.ts";

self.PulseGate = { init, preview };
startForm();
