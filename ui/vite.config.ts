import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

/** Where `deskbelld` listens when somebody works on the window with `npm run dev`. */
const engine = "http://127.0.0.1:1421";

export default defineConfig({
  plugins: [svelte({ configFile: false }), svelteTesting()],
  clearScreen: false,
  server: {
    host: "127.0.0.1",
    port: 1420,
    strictPort: true,
    proxy: { "/rpc": engine, "/events": engine },
    watch: { ignored: ["**/src-tauri/**", "**/target/**"] },
  },
  build: {
    target: ["es2022", "safari16"],
    // The window's content security policy allows files of its own only: nothing is inlined as `data:`.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.ts"],
    setupFiles: ["src/test/setup.ts"],
  },
});
