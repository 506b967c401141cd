import { emit } from "./emit.ts";
import { isOn } from "./setting.ts";
import { readExtras } from "./extra.ts";

const DOWNLOAD = /\.(pdf|zip|rar|7z|gz|tar|docx?|xlsx?|pptx?|csv|exe|dmg|apk|ipa|mp[34])$/i;
const MOST_TEXT = 100;
const MOST_URL = 1024;

const reportLink = (link: HTMLAnchorElement): void => {
  if (!/^https?:$/.test(link.protocol)) return;
  const url = link.href.slice(0, MOST_URL);
  const file = DOWNLOAD.exec(link.pathname);
  if (file) {
    if (isOn("downloads")) emit("download", { url, file: link.pathname.split("/").pop(), ext: file[1] });
  } else if (link.host != location.host && isOn("outbound")) {
    const text = (link.textContent || "").trim().slice(0, MOST_TEXT);
    emit("outbound", { url, host: link.host, text });
  }
};

/** Reports clicks on labelled elements, ways out and downloads. */
export const watchClicks = (): void => {
  document.addEventListener(
    "click",
    (event) => {
      const target = event.composedPath()[0];
      if (!(target instanceof Element)) return;
      const labelled = target.closest<HTMLElement>("[data-echelon-click]");
      if (labelled && isOn("clicks"))
        emit("click", { label: labelled.dataset["echelonClick"], ...readExtras(labelled) });
      const link = target.closest<HTMLAnchorElement>("a[href]");
      if (link) reportLink(link);
    },
    true,
  );
};
