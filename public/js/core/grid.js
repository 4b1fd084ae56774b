// Grids with rows to choose bring their script when they come.
import { part } from "./parts.js"

part("[data-grid]", (grid) => import(grid.dataset.grid).then(({ setUpGrid }) => setUpGrid(grid)))
