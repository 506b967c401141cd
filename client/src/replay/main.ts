// Plays recordings: on the dashboard's page of one, and on the page that asks for a key.
import { showRecording } from "./recording.ts";
import { runShell } from "./shell.ts";

const player = document.getElementById("recording");
const timeline = document.getElementById("timeline");
const shell = document.getElementById("replay-shell");

if (player && timeline) {
  const urls = (player.dataset["chunks"] ?? "").split(" ").filter(Boolean);
  if (urls.length) void showRecording(player, { urls, headers: {} }, timeline);
}
if (shell) runShell(shell);
