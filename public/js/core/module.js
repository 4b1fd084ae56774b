// What only some pages need comes when it is there: `data-module` names a script whose default export sets the element up.
import { part } from "./parts.js"

part("[data-module]", async (element) => (await import(element.dataset.module)).default(element))
