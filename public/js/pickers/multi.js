// Several of many: chips, and a field with a list. What is sent is a `select multiple`, or, where options come from the server, a text
// area with a value a line.
import { chips } from "./chips.js"
import { listbox } from "./listbox.js"
import { changed, register, takeId } from "./register.js"

register("multi", () => ({
  ...listbox,
  ...chips,

  init() {
    takeId(this.$refs.native, this.$refs.input)
    this.listen()
    this.adopt()
  },
  write() {
    const { native } = this.$refs
    if (native.options) for (const option of native.options) option.selected = this.has(option.value)
    else native.value = this.chosen.map(({ value }) => value).join("\n")
    changed(native)
  },
  isChosen({ value }) {
    return this.has(value)
  },
  /** Chosen again, it goes; the list stays open for the next. */
  choose({ value, label, disabled }) {
    if (disabled) return
    if (this.has(value)) this.remove({ value, label })
    else this.add({ value, label })
    this.$refs.input.value = ""
    this.$refs.input.focus()
    this.show()
  },
  leave() {
    this.hide()
    this.$refs.input.value = ""
  },
  spare: chips.backspace,
}))
