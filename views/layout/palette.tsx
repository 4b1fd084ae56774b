// The command palette: its button, which is a link to the search where no scripts run, and its dialog, which `js/palette.js` fills.
import { Icon } from "../ui/icon.tsx"
import { assetUrl } from "./assets.ts"
import type { FrameUser } from "./frame.ts"

/** Opens the palette; so do Ctrl+K, ⌘K and "/". */
export function PaletteButton(): JSX.Element {
  return (
    <a
      class="nav-search"
      href="/search"
      data-load={assetUrl("js/palette.js")}
      data-palette=""
      aria-keyshortcuts="Control+K Meta+K /"
    >
      <Icon name="search" />
      <span>Search</span>
      <kbd>Ctrl K</kbd>
    </a>
  )
}

/** Once on a page. */
export function PaletteTemplate({ user }: { user: FrameUser | undefined }): JSX.Element {
  return (
    <template id="palette-template">
      <dialog
        class="palette"
        aria-label="Search"
        data-find="/search.json"
        data-user={user?.id ?? ""}
        data-begin="Type a page, an app, a person or an id."
        data-recent="Recent"
        data-found="found"
        data-nothing="Nothing goes by that name. Try one word, such as credits or limit."
        data-unreached="The server cannot be reached. Try again in a moment."
      >
        <form action="/search">
          <Icon name="search" />
          <input
            type="search"
            name="q"
            role="combobox"
            aria-label="Search pages, apps, people and ids"
            aria-controls="palette-list"
            aria-expanded="false"
            aria-autocomplete="list"
            autocomplete="off"
            spellcheck="false"
            maxlength="200"
            autofocus
          />
          <button class="button plain small" type="submit" formmethod="dialog">
            Close
          </button>
        </form>
        <p class="quiet" role="status"></p>
        {/* A listbox for the script alone: rules of documents ask for a <select> instead, which no typing can filter. */}
        <div id="palette-list" data-label="Results"></div>
      </dialog>
    </template>
  )
}
