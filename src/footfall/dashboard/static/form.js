// The preview beside the editor of a lead form: the very form that pages show, fed from the fields.
const editor = document.getElementById("lead-form");
const preview = document.getElementById("preview");

const readLines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);

function readField(sent, id) {
  const read = (name) => sent.get(`${id}.${name}`) ?? "";
  const options = readLines(read("options"));
  const needs = ["select", "radio"].includes(read("type"));
  let rest = {};
  try {
    rest = JSON.parse(read("rest"));
  } catch {}
  return {
    ...rest,
    name: read("name") || id,
    label: read("label") || "Label",
    type: read("type"),
    placeholder: read("placeholder") || undefined,
    hint: read("hint") || undefined,
    required: sent.has(`${id}.required`),
    ...(options.length ? { options } : needs && !rest.options && { options: ["First option", "Second option"] }),
  };
}

function readForm() {
  const sent = new FormData(editor);
  const theme = sent.get("theme");
  return {
    siteKey: "",
    formId: sent.get("form_id"),
    title: sent.get("title"),
    subtitle: sent.get("subtitle"),
    submitLabel: sent.get("submit"),
    successMessage: sent.get("success"),
    theme: theme === "own" ? { primaryColor: sent.get("color") } : theme,
    fields: sent.getAll("field").map((id) => readField(sent, id)),
  };
}

if (editor && preview && window.PulseGate) {
  const draw = () => window.PulseGate.preview(preview, readForm());
  editor.addEventListener("input", draw);
  draw();
}
