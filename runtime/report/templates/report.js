// Finding and sorting in the table of tests; without it the whole table is there.
const table = document.getElementById("table"), body = table.tBodies[0], rows = [...body.rows];
const form = document.querySelector(".find"), [words, verdict, shown] = form.elements;
const texts = rows.map((row) => row.textContent.toLowerCase() + " " + row.querySelector("code").title.toLowerCase());
function find() {
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  rows.forEach((row, at) => {
    row.hidden = (verdict.value && !row.classList.contains(verdict.value)) || !wanted.every((word) => texts[at].includes(word));
    count += !row.hidden;
  });
  shown.value = `${count} of ${rows.length}`;
}
form.hidden = false;
form.addEventListener("input", find);
form.addEventListener("submit", (event) => event.preventDefault());
find();
let order = { by: -1, up: 1 };
table.tHead.addEventListener("click", (event) => {
  const by = event.target.dataset.by;
  if (by === undefined) return;
  order = { by, up: order.by === by ? -order.up : 1 };
  const key = (row) => (by === "3" ? -row.cells[3].dataset.ms : row.cells[by].textContent);
  const sorted = rows.map((row) => [key(row), row]).sort(([a], [b]) => (a < b ? -order.up : a > b ? order.up : 0));
  body.append(...sorted.map(([, row]) => row));
});
