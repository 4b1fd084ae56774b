// What opens from the bar of a grid: which columns are shown, and filters that were kept under a name. Popovers with plain forms: they
// open, close and give back the focus without scripts.

import type { Children } from "@kitajs/html"
import { Button } from "./button.tsx"
import { Form } from "./form.tsx"
import type { GridColumn, GridState } from "./grid.tsx"
import { Icon, type IconName } from "./icon.tsx"
import { type Keep, Kept, withQuery } from "./nav.tsx"

interface PanelProps {
  id: string
  icon: IconName
  label: string
  children: Children
}

function Panel({ id, icon, label, children }: PanelProps): JSX.Element {
  return (
    <>
      <button class="button plain small" type="button" popovertarget={id}>
        <Icon name={icon} />
        <span safe>{label}</span>
      </button>
      <div class="menu-list grid-panel" id={id} popover="auto">
        {children}
      </div>
    </>
  )
}

interface GridColumnsProps {
  id: string
  state: GridState
  columns: readonly Pick<GridColumn<never>, "key" | "label" | "fixed">[]
  /** Id of the part that is swapped. */
  swap: string
}

/** The choice is remembered by a cookie of the list. */
export function GridColumns({ id, state, columns, swap }: GridColumnsProps): JSX.Element {
  return (
    <Panel id={id} icon="columns" label="Columns">
      <form method="get" action={state.path} class="grid-menu" data-swap={swap}>
        <Kept keep={{ ...state.query, sort: state.sortText, columns: "1" }} />
        {columns
          .filter((column) => !column.fixed)
          .map(({ key, label }) => (
            <div class="choice">
              <input
                type="checkbox"
                id={`${id}-${key}`}
                name="column"
                value={key}
                checked={state.columns.includes(key)}
              />
              <label for={`${id}-${key}`} safe>
                {label}
              </label>
            </div>
          ))}
        <Button small label="Show these" />
      </form>
    </Panel>
  )
}

export interface SavedFilters {
  csrf: string
  lists: readonly { id: number; name: string; query: string }[]
  /** POST of a new one, with the pairs of its query apart by spaces, which stand for nothing else; each is removed by a POST to `<action>/<id>/removal`. */
  action: string
}

interface GridSavedProps {
  id: string
  saved: SavedFilters
  state: Pick<GridState, "path" | "query" | "sortText">
}

export function GridSaved({ id, saved, state }: GridSavedProps): JSX.Element {
  const { lists, action, csrf } = saved
  const here = queryText({ ...state.query, sort: state.sortText })
  const current = lists.find((list) => list.query === here)
  return (
    <Panel id={id} icon="bookmark" label={current?.name ?? "Saved filters"}>
      {lists.length === 0 ? (
        <p class="quiet">Keep a search with its filters and order under a name, and come back to it here.</p>
      ) : (
        <ul class="plain">
          {lists.map((list) => (
            <li class="grid-saved">
              <a
                href={list.query ? `${state.path}?${list.query}` : state.path}
                aria-current={list === current ? "true" : undefined}
              >
                <bdi safe>{list.name}</bdi>
              </a>
              <Form action={`${action}/${list.id}/removal`} csrf={csrf} class="inline">
                <button class="button plain small dots" type="submit" title={`Remove ${list.name}`}>
                  <Icon name="cross" />
                  <span class="sr" safe>{`Remove ${list.name}`}</span>
                </button>
              </Form>
            </li>
          ))}
        </ul>
      )}
      {current ? null : (
        <Form
          action={action}
          csrf={csrf}
          class="grid-menu"
          hidden={{ page: state.path, query: here.replaceAll("&", " ") }}
        >
          <label for={`${id}-name`}>Save what is shown as</label>
          <div class="grid-save">
            <input id={`${id}-name`} type="text" name="name" maxlength="40" autocomplete="off" required />
            <Button small label="Save" />
          </div>
        </Form>
      )}
    </Panel>
  )
}

/** As it stands behind "?". */
const queryText = (query: Keep): string => withQuery("", query).slice(1)
