// A range of days: two date fields that are sent, and a calendar of one or two months beside them (ARIA APG, "Date Picker Dialog": one
// stop for Tab, arrows by day and week, Home and End in a week, Page Up and Page Down by month, with Shift by year).
import {
  dayWords,
  earlier,
  later,
  monthOf,
  monthWords,
  plusDays,
  plusMonths,
  today,
  weekdayOf,
  weeksOf,
} from "./days.js"
import { changed, register } from "./register.js"

const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }

register("dates", () => ({
  from: "",
  to: "",
  /** The first end that was chosen, while the second is not. */
  begun: "",
  /** The day of the grid that Tab comes to, and over which the pointer is. */
  at: "",
  view: "",
  said: "",

  init() {
    const { min, max } = this.$el.dataset
    this.min = min || "0001-01-01"
    this.max = max || "9999-12-31"
    this.wide = matchMedia("(min-width: 44rem)")
    // Opened before this was here.
    if (this.$refs.calendar.matches(":popover-open")) this.toggled({ newState: "open" })
  },
  /** The popover opens. */
  toggled({ newState }) {
    if (newState !== "open") return
    this.from = this.$refs.from.value
    this.to = this.$refs.to.value
    this.begun = this.view = ""
    this.said = "Choose the first day."
    this.go(this.to || today())
  },
  close() {
    this.$refs.calendar.hidePopover()
  },
  pages() {
    return this.wide.matches ? 2 : 1
  },
  /** To a day, within the limits; the pages turn where they must. */
  go(day) {
    this.at = later(this.min, earlier(day, this.max))
    const month = monthOf(this.at)
    if (this.view && month < this.view) this.view = month
    else if (!this.view || month > monthOf(plusMonths(`${this.view}-01`, this.pages() - 1)))
      this.view = monthOf(plusMonths(this.at, 1 - this.pages()))
    this.$nextTick(() => this.$refs.calendar.querySelector(`[data-day="${this.at}"]`)?.focus())
  },
  turn(step) {
    this.view = monthOf(plusMonths(`${this.view}-01`, step))
    // Tab must find a day on the pages that are shown.
    if (monthOf(this.at) < this.view) this.at = `${this.view}-01`
    const end = plusMonths(`${this.view}-01`, this.pages())
    if (this.at >= end) this.at = plusDays(end, -1)
    this.said = monthWords(`${this.view}-01`)
  },
  back() {
    this.turn(-1)
  },
  forth() {
    this.turn(1)
  },
  months() {
    if (!this.view) return []
    return [0, 1].map((offset) => {
      const first = plusMonths(`${this.view}-01`, offset)
      return {
        key: monthOf(first),
        title: monthWords(first),
        weeks: weeksOf(monthOf(first)).map((days) => days.map((day, index) => this.cell(day, index))),
      }
    })
  },
  cell(day, index) {
    if (!day) return { key: index, number: "" }
    const [a, b] = this.begun ? [this.begun, this.at].sort() : [this.from, this.to]
    const isEnd = day === a || day === b
    return {
      key: day,
      day,
      number: Number(day.slice(8)),
      words: dayWords(day),
      isOff: day < this.min || day > this.max,
      isIn: Boolean(a && b && day >= a && day <= b),
      look: `${isEnd ? "end" : ""} ${day === today() ? "today" : ""}`.trim(),
      stop: day === this.at ? 0 : -1,
    }
  },
  over(day) {
    if (this.begun && day) this.at = day
  },
  pick(day) {
    if (!day || day < this.min || day > this.max) return
    if (!this.begun) {
      this.begun = day
      this.at = day
      this.said = `From ${dayWords(day)}. Choose the last day.`
      return
    }
    const [from, to] = [this.begun, day].sort()
    this.take(from, to)
  },
  take(from, to) {
    this.$refs.from.value = from
    this.$refs.to.value = to
    this.begun = ""
    this.close()
    // Once for both: a form that applies by itself would do it twice.
    changed(this.$refs.to)
    this.$refs.open.focus()
  },
  /** The last days up to today, or to the last that can be chosen. */
  preset(days) {
    const to = earlier(today(), this.max)
    this.take(later(plusDays(to, 1 - days), this.min), to)
  },
  key(event) {
    const { key, shiftKey, target } = event
    if ((key === "Enter" || key === " ") && target.dataset.day) {
      event.preventDefault()
      return this.pick(target.dataset.day)
    }
    if (!target.dataset.day) return
    const isRtl = getComputedStyle(target).direction === "rtl"
    const step = STEPS[key] && (isRtl && Math.abs(STEPS[key]) === 1 ? -STEPS[key] : STEPS[key])
    if (step) this.go(plusDays(this.at, step))
    else if (key === "Home") this.go(plusDays(this.at, -weekdayOf(this.at)))
    else if (key === "End") this.go(plusDays(this.at, 6 - weekdayOf(this.at)))
    else if (key === "PageUp" || key === "PageDown")
      this.go(plusMonths(this.at, (key === "PageUp" ? -1 : 1) * (shiftKey ? 12 : 1)))
    else return
    event.preventDefault()
  },
}))
