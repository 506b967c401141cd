import type { EchelonSetting } from "../type/echelon.ts";

/** Our own tag; without one there is nothing to measure, and the build's try block ends it here. */
export const { dataset: options, src } = document.currentScript as HTMLScriptElement;

/** What the server put into this very file. */
export const setting: EchelonSetting = __ECHELON__;

/** Where everything goes, without a closing slash. */
export const origin = new URL(src).origin;

/** The site id of the tag. */
export const site = options["site"] || "default";

/** Tells whether a kind of automatic event is on: everything is, unless `data-no-<name>` stands. */
export const isOn = (name: string): boolean =>
  options["no" + name[0]!.toUpperCase() + name.slice(1)] == null;
