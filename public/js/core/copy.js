// Copies the text of the element named by `data-copy`, or of the one before the button, and says so for two seconds.
async function copy(button) {
  const words = button.querySelector("span")
  const source = document.getElementById(button.dataset.copy) ?? button.previousElementSibling
  button.dataset.label ??= words.textContent
  try {
    await navigator.clipboard.writeText(source.textContent)
    words.textContent = "Copied"
  } catch {
    getSelection().selectAllChildren(source)
    words.textContent = "Press Ctrl+C"
  }
  button.classList.add("copied")
  setTimeout(() => {
    button.classList.remove("copied")
    words.textContent = button.dataset.label
  }, 2000)
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-copy]")
  if (button) copy(button)
})
