// Copies the text of another element. The button is of no use without this script, and hidden then.

for (const button of document.querySelectorAll("[data-copy]")) {
  const place = document.getElementById(button.dataset.copy);
  const words = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(place.textContent);
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = words; }, 2000);
    } catch {
      // A page without a secure context may not write to the clipboard: then the text is marked, to be copied by hand.
      getSelection().selectAllChildren(place);
    }
  });
}
