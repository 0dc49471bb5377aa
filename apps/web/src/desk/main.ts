// SPDX-License-Identifier: MIT
// The desk's page.
import "../style/colours.css";
import "../style/desk_colours.css";
import "../style/base.css";
import "../style/desk.css";
import { mount } from "svelte";
import { watchTheme } from "../base/theme";
import App from "./App.svelte";
import { Desk } from "./desk.svelte";

watchTheme();
const target = document.getElementById("desk");
if (target === null) throw new Error("The page has no element #desk");
const scheme = location.protocol === "https:" ? "wss" : "ws";
mount(App, { target, props: { desk: new Desk(`${scheme}://${location.host}/ws`) } });
