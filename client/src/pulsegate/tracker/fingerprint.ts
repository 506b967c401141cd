// The lazy file: loaded only where the operator has turned fingerprints on.

const CANVAS_TEXT = "PulseGate \u{1F3E0} 1234567890";

const readCanvas = (): string => {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  if (!context) return "";
  context.textBaseline = "top";
  context.font = "14px Arial";
  context.fillStyle = "#f60";
  context.fillRect(60, 1, 62, 20);
  context.fillStyle = "#069";
  context.fillText(CANVAS_TEXT, 2, 15);
  return canvas.toDataURL();
};

const readGraphics = (): string[] => {
  const gl = document.createElement("canvas").getContext("webgl");
  const names = gl?.getExtension("WEBGL_debug_renderer_info");
  if (!gl || !names) return [];
  return [names.UNMASKED_VENDOR_WEBGL, names.UNMASKED_RENDERER_WEBGL].map((name) => `${gl.getParameter(name)}`);
};

const readSound = async (): Promise<number> => {
  const context = new OfflineAudioContext(1, 5000, 44100);
  const tone = context.createOscillator();
  const press = context.createDynamicsCompressor();
  tone.type = "triangle";
  tone.frequency.value = 1e4;
  tone.connect(press).connect(context.destination);
  tone.start();
  const samples = (await context.startRendering()).getChannelData(0);
  return samples.slice(4500).reduce((sum, sample) => sum + Math.abs(sample), 0);
};

const attempt = async (read: () => unknown): Promise<unknown> => {
  try {
    return await read();
  } catch {
    return "";
  }
};

/** Returns what tells this browser from others, hashed: 64 hex digits. */
export default async (): Promise<string> => {
  const { userAgent, language, platform, hardwareConcurrency } = navigator;
  const { deviceMemory } = navigator as Navigator & { deviceMemory?: number };
  const parts = [
    ...[userAgent, language, platform, hardwareConcurrency, deviceMemory],
    ...[screen.width + "x" + screen.height, screen.colorDepth, devicePixelRatio],
    new Date().getTimezoneOffset(),
    await attempt(readCanvas),
    await attempt(readGraphics),
    await attempt(readSound),
  ];
  const text = new TextEncoder().encode(parts.join("|"));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", text));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};
