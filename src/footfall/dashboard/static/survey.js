// The preview beside the form of a survey: the very widget that pages show, fed from the fields.
const form = document.getElementById("survey");
const preview = document.getElementById("preview");

function readQuestion(fields, id) {
  const read = (name) => fields.get(`${id}.${name}`) ?? "";
  const lines = read("options").split("\n").map((line) => line.trim()).filter(Boolean);
  const isRating = read("type") === "rating";
  const [min, max] = [Math.trunc(+read("min")), Math.trunc(+read("max"))];
  return {
    id,
    type: read("type"),
    text: read("text") || "Your question",
    min,
    max: Math.max(min + 1, Math.min(max, min + 10)),
    min_label: isRating ? read("min_label") : "",
    max_label: isRating ? read("max_label") : "",
    required: fields.has(`${id}.required`),
    options: lines.length ? lines : ["First option", "Second option"],
  };
}

function readSurvey() {
  const fields = new FormData(form);
  return {
    id: "preview",
    name: fields.get("name") || "Preview",
    questions: fields.getAll("question").map((id) => readQuestion(fields, id)),
    trigger_config: {},
    appearance: {
      theme: fields.get("theme"),
      primary_color: fields.get("color"),
      thank_you: fields.get("thank_you") || undefined,
    },
  };
}

if (form && preview?.dataset.widget) {
  const { openPanel } = await import(preview.dataset.widget);
  let panel;
  const draw = () => {
    panel?.remove();
    panel = openPanel(readSurvey(), { onAnswer() {}, onClose: draw }, preview);
  };
  form.addEventListener("input", draw);
  draw();
}
