// A code from a mail, `data-code` digits long: spaces and dashes that were pasted go, and the form goes when all digits are there.
document.addEventListener("input", ({ target }) => {
  const { code, tried } = target.dataset ?? {}
  if (!code) return
  const text = target.value.normalize("NFKC").replace(/[\s\p{Dash}\p{Cf}.,:]+/gu, "")
  // The same code twice is a wish to correct it.
  if (text === tried || !new RegExp(`^\\p{Nd}{${code}}$`, "u").test(text)) return
  target.value = target.dataset.tried = text
  target.form?.requestSubmit(target.form.querySelector("button:not([type=button])"))
})

/** Listens for all of them, from the first on. */
export default () => {}
