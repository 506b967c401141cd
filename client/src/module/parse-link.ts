import type { Payload } from "../type/payload.ts";

const DOWNLOAD = /\.(pdf|zip|rar|7z|gz|tar|docx?|xlsx?|pptx?|csv|exe|dmg|apk|ipa)$/i;

/** Says what following a link means: a download, a way out of this host, or nothing to report. */
export const parseLink = (href: string, ownHost: string): Payload | null => {
  const { protocol, hostname, pathname } = new URL(href);
  if (!/^https?:$/.test(protocol)) return null;
  if (DOWNLOAD.test(pathname)) return { url: href, link_type: "download" };
  return hostname == ownHost ? null : { url: href, link_type: "external" };
};
