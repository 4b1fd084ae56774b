// Keeps a slider and the number field `data-sync` names at the same value; the field is what is sent. `data-total` adds up the ticked
// limits of a form, whose fields begin with its value; unticked scopes cost nothing.
import { each, part } from "./parts.js"

part("input[data-sync]", (slider) => {
  const field = document.getElementById(slider.dataset.sync)
  const about = document.querySelector(`[data-about="${slider.dataset.sync}"]`)
  const say = () => {
    if (about) about.textContent = Math.floor(Number(field.value) / Number(about.dataset.each)).toLocaleString("en")
  }
  slider.addEventListener("input", () => {
    field.value = slider.value
    say()
  })
  field.addEventListener("input", () => {
    slider.value = field.value
    say()
  })
})

part("[data-total]", (total) => {
  const names = `input[name^="${total.dataset.total}"]`
  const { form } = document.querySelector(names)
  const say = () => {
    let sum = 0
    each(form, names, (field) => {
      const box = form.querySelector(`input[name="scope"][value="${field.name.slice(total.dataset.total.length)}"]`)
      if (!box || box.checked) sum += Math.max(0, Number(field.value) || 0)
    })
    total.textContent = `${sum.toLocaleString("en")} ${sum === 1 ? "credit" : "credits"}`
  }
  form.addEventListener("input", say)
  total.closest("[hidden]")?.removeAttribute("hidden")
  say()
})
