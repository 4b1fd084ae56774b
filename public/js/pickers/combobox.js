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
  /**
   * Emptied: nothing is chosen. A label that was typed in full is, if no other has it. Anything else was a search; where the server searches,
   * it is sent as it was typed, as without scripts: the answer may not have come yet.
   */
  leave() {
    const { native, input } = this.$refs
    const text = input.value.trim()
    const alike = this.options.filter(({ label }) => label.toLowerCase() === text.toLowerCase())
    this.hide()
    if (input.value === this.label) return
    if (text === "") this.choose({ value: "", label: "" })
    else if (alike.length === 1) this.choose(alike[0])
    else if (native.localName === "input") this.choose({ value: text, label: text })
    else input.value = this.label
  },
  spare({ key }) {
    if (key === "Escape") this.$refs.input.value = ""
    // It sends the form, before the field is left.
    if (key === "Enter") this.leave()
  },
}))
