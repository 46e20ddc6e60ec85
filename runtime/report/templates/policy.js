// Finding rows in the policy matrix; without it the whole matrix is there.
{
  const form = document.getElementById("find-rules"), matrix = document.getElementById("cells");
  if (form) {
    const rows = [...matrix.tBodies[0].rows], [words, service, which, shown] = form.elements;
    const texts = rows.map((row) => row.cells[0].textContent.toLowerCase());
    const find = () => {
      const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
      let count = 0;
      rows.forEach((row, at) => {
        const fits = (!service.value || row.dataset.service === service.value) && (!which.value || row.classList.contains(which.value));
        row.hidden = !fits || !wanted.every((word) => texts[at].includes(word));
        count += !row.hidden;
      });
      shown.value = `${count} of ${rows.length}`;
    };
    form.hidden = false;
    form.addEventListener("input", find);
    form.addEventListener("submit", (event) => event.preventDefault());
    find();
    // Where nothing can point, a tap shows what a sign says.
    matrix.addEventListener("click", (event) => {
      document.getElementById("said").textContent = event.target.title || "";
    });
  }
}
