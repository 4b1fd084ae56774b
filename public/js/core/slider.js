// Keeps a slider and the number field `data-sync` names together; the field is what is sent, and may hold more than the scale has.
// `data-total` adds up the ticked limits of a form, whose fields begin with its value; unticked scopes cost nothing.
import { each, part } from "./parts.js"

/** 0, 1, 2, 5, 10, 20, 50 …: as `views/ui/pickers/slider.tsx` counts. */
const amountAt = (position) => (position > 0 ? [1, 2, 5][(position - 1) % 3] * 10 ** Math.floor((position - 1) / 3) : 0)

part("input[data-sync]", (slider) => {
  const field = document.getElementById(slider.dataset.sync)
  const about = document.querySelector(`[data-about="${slider.dataset.sync}"]`)
  const say = () => {
    const amount = Number(field.value)
    slider.setAttribute("aria-valuetext", `${amount.toLocaleString("en")} ${slider.dataset.unit}`)
    if (about) about.textContent = Math.floor(amount / Number(about.dataset.each)).toLocaleString("en")
  }
  slider.addEventListener("input", () => {
    field.value = amountAt(slider.valueAsNumber)
    say()
  })
  field.addEventListener("input", () => {
    let position = 0
    while (position < slider.max && amountAt(position + 1) <= field.value) position++
    slider.value = position
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
