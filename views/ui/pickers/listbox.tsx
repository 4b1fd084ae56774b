// What combobox and multi-select share: the list that opens below a field, and the field. Alpine fills it (`public/js/pickers`).
import type { Children } from "@kitajs/html"
import { Icon } from "../icon.tsx"

export interface PickerOption {
  value: string
  label: string
  /** A second, quieter text: an address, a price. */
  detail?: string | undefined
  disabled?: boolean | undefined
}

/** Where a picker gets its options. */
export interface OptionSource {
  /** All of them, when they are few hundreds; without scripts a `select`. */
  options?: readonly PickerOption[] | undefined
  /** Else the path that answers `?q=` with `[{ value, label, detail }]`, at most 50; without scripts what is typed is sent as it is. */
  search?: string | undefined
}

export function NativeOptions({ options, chosen }: { options: readonly PickerOption[]; chosen: readonly string[] }) {
  return (
    <>
      {options.map((option) => (
        <option
          value={option.value}
          selected={chosen.includes(option.value)}
          disabled={option.disabled}
          data-detail={option.detail}
          safe
        >
          {option.label}
        </option>
      ))}
    </>
  )
}

export interface ComboProps {
  id: string
  label: string
  value?: string | undefined
  placeholder?: string | undefined
  disabled?: boolean | undefined
  invalid: boolean
  describedBy: string | undefined
  /** Before the field, in the same box. */
  children?: Children
}

/** The field with its list. The id of the native control becomes the field's when scripts run. */
export function Combo(props: ComboProps): JSX.Element {
  const { id, label } = props
  return (
    <div class="combo js">
      <div class="combo-box">
        {props.children}
        <input
          id={`${id}-input`}
          type="text"
          role="combobox"
          aria-label={label}
          aria-autocomplete="list"
          aria-expanded="false"
          aria-controls={`${id}-list`}
          aria-invalid={props.invalid ? "true" : undefined}
          aria-describedby={props.describedBy}
          value={props.value}
          placeholder={props.placeholder}
          disabled={props.disabled}
          autocomplete="off"
          spellcheck="false"
          x-ref="input"
          x-on:input="search"
          x-on:click="show()"
          x-on:keydown="key"
          x-on:blur="leave"
          x-bind:aria-expanded="isOpen"
          x-bind:aria-activedescendant="activeId"
        />
        <button
          type="button"
          class="combo-open"
          tabindex="-1"
          disabled={props.disabled}
          x-on:mousedown="keep"
          x-on:click="toggle"
        >
          <Icon name="down" />
          <span class="sr">Show the options</span>
        </button>
      </div>
      <OptionList id={id} />
    </div>
  )
}

function OptionList({ id }: Pick<ComboProps, "id">): JSX.Element {
  return (
    <div class="combo-list" hidden x-bind:hidden="!isOpen" x-on:mousedown="keep">
      <div role="listbox" id={`${id}-list`} aria-label="Options" x-ref="list" x-bind:aria-busy="isBusy">
        <template x-for="(option, index) in options" x-bind:key="option.value">
          {/* biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and points at it (aria-activedescendant) */}
          <div
            role="option"
            x-bind:id="idOf(index)"
            x-bind:aria-selected="isChosen(option)"
            x-bind:aria-disabled="option.disabled"
            x-bind:class="index === at ? 'at' : ''"
            x-on:click="choose(option)"
          >
            <bdi x-text="option.label"></bdi>
            <bdi class="quiet" x-text="option.detail"></bdi>
          </div>
        </template>
      </div>
      <p class="combo-said" role="status" x-text="said"></p>
    </div>
  )
}
