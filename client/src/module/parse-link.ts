import type { Payload } from "../type/payload.ts";

const DOWNLOAD = /\.(pdf|zip|rar|7z|gz|tar|docx?|xlsx?|pptx?|csv|exe|dmg|apk|ipa)$/i;

// The longest address the server takes; the rest of a longer one is noise.
const MOST_CHARACTERS = 2048;

/** Says what following a link means: a download, a way out of this host, or nothing to report. */
export const parseLink = (href: string, ownHost: string): Payload | null => {
  const { protocol, hostname, pathname } = new URL(href);
  if (!/^https?:$/.test(protocol)) return null;
  const url = href.slice(0, MOST_CHARACTERS);
  if (DOWNLOAD.test(pathname)) return { url, link_type: "download" };
  return hostname == ownHost ? null : { url, link_type: "external" };
};
