// From a day to a day: two date fields, and where scripts run a calendar that fills them. Days are UTC, and it says so.
import { Icon } from "../icon.tsx"

export interface DateFieldsProps {
  /** Prefix of ids; unique on the page. */
  id: string
  from?: string | undefined
  to?: string | undefined
  /** First and last day that can be chosen, "2026-03-31". */
  min?: string | undefined
  max?: string | undefined
  /** Names of the fields. Default `from` and `to`. */
  names?: readonly [from: string, to: string] | undefined
  /** The days are wrong; `errorId` is of the text that says how. */
  invalid?: boolean | undefined
  errorId?: string | undefined
  disabled?: boolean | undefined
}

const PRESETS = [7, 30, 90] as const
const WEEKDAYS = [
  ["Mo", "Monday"],
  ["Tu", "Tuesday"],
  ["We", "Wednesday"],
  ["Th", "Thursday"],
  ["Fr", "Friday"],
  ["Sa", "Saturday"],
  ["Su", "Sunday"],
] as const

export function DateFields(props: DateFieldsProps): JSX.Element {
  const { id, names = ["from", "to"] } = props
  return (
    <div class="dates" x-data="dates" data-min={props.min} data-max={props.max}>
      <Day {...props} name={names[0]} end="from" label="From" value={props.from} />
      <Day {...props} name={names[1]} end="to" label="To" value={props.to} />
      <button
        type="button"
        class="button plain js dates-open"
        popovertarget={`${id}-calendar`}
        disabled={props.disabled}
        x-ref="open"
      >
        <Icon name="calendar" />
        <span>Calendar</span>
      </button>
      <p class="help dates-note">Days are UTC.</p>
      <Calendar id={id} />
    </div>
  )
}

type DayProps = DateFieldsProps & { name: string; end: "from" | "to"; label: string; value: string | undefined }

function Day({ id, name, end, label, value, min, max, invalid, errorId, disabled }: DayProps): JSX.Element {
  return (
    <div class="field">
      <label for={`${id}-${end}`} safe>
        {label}
      </label>
      <input
        type="date"
        id={`${id}-${end}`}
        name={name}
        value={value}
        min={min}
        max={max}
        disabled={disabled}
        aria-invalid={invalid ? "true" : undefined}
        aria-describedby={invalid && errorId ? errorId : undefined}
        x-ref={end}
      />
    </div>
  )
}

function Calendar({ id }: { id: string }): JSX.Element {
  return (
    <div
      class="calendar"
      id={`${id}-calendar`}
      popover="auto"
      role="dialog"
      aria-label="Choose days"
      x-ref="calendar"
      x-on:toggle="toggled"
      x-on:keydown="key"
    >
      <div class="calendar-head">
        <button type="button" class="button plain small dots" x-on:click="back">
          <Icon name="before" />
          <span class="sr">Month before</span>
        </button>
        <p role="status" class="quiet" x-text="said"></p>
        <button type="button" class="button plain small dots" x-on:click="forth">
          <Icon name="after" />
          <span class="sr">Month after</span>
        </button>
      </div>
      <div class="calendar-months">
        <template x-for="month in months()" x-bind:key="month.key">
          {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the pattern of a calendar is a grid */}
          <table role="grid" x-bind:aria-label="month.title">
            <caption aria-hidden="true" x-text="month.title"></caption>
            <thead>
              <tr>
                {WEEKDAYS.map(([short, long]) => (
                  <th scope="col" {...{ abbr: long }}>
                    {short}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              <template x-for="(week, index) in month.weeks" x-bind:key="index">
                <tr>
                  <template x-for="day in week" x-bind:key="day.key">
                    <Cell />
                  </template>
                </tr>
              </template>
            </tbody>
          </table>
        </template>
      </div>
      <div class="calendar-foot">
        {PRESETS.map((days) => (
          <button type="button" class="button plain small" x-on:click={`preset(${days})`} safe>
            {`Last ${days} days`}
          </button>
        ))}
        <span class="quiet">Days are UTC.</span>
      </div>
    </div>
  )
}

/** A day, or the place of one that belongs to another month. */
function Cell(): JSX.Element {
  return (
    <td
      x-bind:data-day="day.day"
      x-bind:tabindex="day.day ? day.stop : null"
      x-bind:aria-label="day.words"
      x-bind:aria-selected="day.day ? day.isIn : null"
      x-bind:aria-disabled="day.isOff"
      x-bind:class="day.look"
      x-on:click="pick(day.day)"
      x-on:mouseenter="over(day.day)"
      x-text="day.number"
    ></td>
  )
}
