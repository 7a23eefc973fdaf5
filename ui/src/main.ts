import "@fontsource-variable/inter/wght.css";
import { mount } from "svelte";
import Shell from "./Shell.svelte";
import { openHost } from "./host";
import { App } from "./state/app.svelte";
import "./styles/tokens.css";
import "./styles/base.css";

const target = document.getElementById("app");
if (target !== null) mount(Shell, { target, props: { app: new App(openHost()) } });
