import type { FieldConfig } from "../../type/form.ts";

const BY_NAME: Record<string, string> = {
  firstname: "given-name",
  lastname: "family-name",
  surname: "family-name",
  name: "name",
  fullname: "name",
  email: "email",
  phone: "tel",
  mobile: "tel",
  countrycode: "tel-country-code",
  company: "organization",
  organisation: "organization",
  organization: "organization",
  address: "street-address",
  street: "address-line1",
  city: "address-level2",
  state: "address-level1",
  zip: "postal-code",
  zipcode: "postal-code",
  postcode: "postal-code",
  country: "country-name",
};
const BY_TYPE: Record<string, string> = { email: "email", tel: "tel" };

/**
 * Returns what a browser may fill a field with (HTML, 4.10.18.7), undefined where that is not
 * known. FIRSTNAME alone is where PulseGate's forms ask for the whole name.
 */
export const findCompletion = (field: FieldConfig, all: FieldConfig[]): string | undefined => {
  const plain = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, "");
  if (field.autocomplete) return field.autocomplete;
  const own = BY_NAME[plain(field.name)];
  const hasLast = all.some(({ name }) => BY_NAME[plain(name)] == "family-name");
  if (own == "given-name" && !hasLast) return "name";
  const hasCode = all.some(({ name }) => plain(name) == "countrycode");
  const found = own || BY_TYPE[field.type || ""];
  return found == "tel" && hasCode ? "tel-national" : found;
};
