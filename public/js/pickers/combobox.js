// One of many: `select` or text field that is sent, a field to type in, a list below it.
import { listbox } from "./listbox.js"
import { changed, register, takeId } from "./register.js"

register("combobox", () => ({
  ...listbox,
  value: "",
  label: "",

  init() {
    const { native, input } = this.$refs
    takeId(native, input)
    this.listen()
    this.value = native.value
    this.label = input.value
  },
  isChosen({ value }) {
    return value === this.value
  },
  choose({ value, label, disabled }) {
    if (disabled) return
    this.value = this.$refs.native.value = value
    this.label = this.$refs.input.value = label
    this.hide()
    changed(this.$refs.native)
  },
  /** Emptied: nothing is chosen. A label that was typed in full is. Anything else was a search. */
  leave() {
    const { value } = this.$refs.input
    const typed = value.trim().toLowerCase()
    const match = this.options.find(({ label }) => label.toLowerCase() === typed)
    this.hide()
    if (value === this.label) return
    if (typed === "") this.choose({ value: "", label: "" })
    else if (match) this.choose(match)
    else this.$refs.input.value = this.label
  },
  spare({ key }) {
    if (key === "Escape") this.$refs.input.value = ""
  },
}))
