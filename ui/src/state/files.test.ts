import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { FakeHost } from "../test/fake-host";
import { Files } from "./files";

const FILM = new Blob([new Uint8Array(20 * 1024 * 1024)]);

let host: FakeHost;
let files: Files;
let revoked: string[];

beforeEach(() => {
  host = new FakeHost();
  files = new Files(host);
  revoked = [];
  let made = 0;
  vi.spyOn(URL, "createObjectURL").mockImplementation(() => `blob:${(made += 1)}`);
  vi.spyOn(URL, "revokeObjectURL").mockImplementation((url) => void revoked.push(url));
});
afterEach(() => vi.restoreAllMocks());

it("fetches a file once, however many show it, also while it is on its way", async () => {
  const [one, two] = await Promise.all([files.take("a", "thumbnail"), files.take("a", "thumbnail")]);
  expect([one, two, await files.take("a", "thumbnail")]).toEqual(["blob:1", "blob:1", "blob:1"]);
  expect(host.did).toEqual(["file a thumbnail"]);
  expect(await files.take("a", "whole")).toBe("blob:2");
});

it("keeps a few that nobody looks at and gives the longest unseen back", async () => {
  for (let n = 1; n <= 62; n++) {
    await files.take(`${n}`, "thumbnail");
    files.release(`${n}`, "thumbnail");
  }
  expect(revoked).toEqual(["blob:1", "blob:2"]);
});

it("never takes away what is being looked at", async () => {
  host.files.set("film whole", FILM).set("other whole", FILM);
  await files.take("film", "whole");
  await files.take("other", "whole");
  files.release("other", "whole");
  expect(revoked).toEqual([]);
  files.release("film", "whole");
  expect(revoked).toEqual(["blob:1"]);
});

it("gives a large file back that nobody wants any more when it arrives", async () => {
  host.files.set("film whole", new Blob([FILM, FILM]));
  const url = files.take("film", "whole");
  files.release("film", "whole");
  await url;
  expect(revoked).toEqual(["blob:1"]);
});

it("keeps the small ones when a large one goes", async () => {
  host.files.set("film whole", new Blob([FILM, FILM]));
  await files.take("a", "thumbnail");
  files.release("a", "thumbnail");
  await files.take("film", "whole");
  files.release("film", "whole");
  expect(revoked).toEqual(["blob:2"]);
});

it("fetches again what could not be fetched", async () => {
  host.files.set("a whole", { kind: "unreachable" });
  await expect(files.take("a", "whole")).rejects.toThrow();
  host.files.delete("a whole");
  await expect(files.take("a", "whole")).resolves.toBe("blob:1");
});
