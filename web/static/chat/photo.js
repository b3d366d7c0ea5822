// Photos before they are sent: checked, made smaller where that helps, and kept in the browser (IndexedDB) until the server has them.

export const KINDS = ["image/jpeg", "image/png", "image/webp", "image/gif"];
const MOST_BYTES = 10_000_000;
const LONGEST_SIDE = 2048; // the server keeps no more
const WORTH_SHRINKING = 1_500_000;

/** Why a file can't be sent; `code` is one of copy.js's `refusals`. */
export class UnfitPhoto extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/** The photo as it will be sent: a Blob of at most 10 MB. Large ones are scaled down first, which spares the customer's data plan. Throws UnfitPhoto. */
export async function prepare(file) {
  if (!KINDS.includes(file.type)) throw new UnfitPhoto("not-a-photo");
  if (file.size === 0) throw new UnfitPhoto("not-a-photo");
  let photo = file;
  if (file.size > WORTH_SHRINKING && file.type !== "image/gif") photo = (await shrink(file)) ?? file;
  if (photo.size > MOST_BYTES) throw new UnfitPhoto("photo-too-large");
  return photo;
}

async function shrink(file) {
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const paper = canvas.getContext("2d");
    paper.fillStyle = "white"; // what was transparent must not turn black
    paper.fillRect(0, 0, canvas.width, canvas.height);
    paper.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const smaller = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.86));
    return smaller && smaller.size < file.size ? smaller : file;
  } catch {
    return null; // this browser can't read it; the server may
  }
}

/** The photos among what was pasted, dropped or chosen. */
export function filesOf(transfer) {
  return [...(transfer?.files ?? [])];
}

const here = new Map();
let opened;

function shelf() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("savoir-chat", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("photos");
    request.onsuccess = () => resolve(request.result);
    request.onerror = request.onblocked = () => reject(request.error);
  });
  return opened;
}

async function onShelf(mode, work) {
  const database = await shelf();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction("photos", mode);
    const request = work(transaction.objectStore("photos"));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

/** Keeps a photo under the id of its message. */
export async function keepPhoto(id, photo) {
  here.set(id, photo);
  await onShelf("readwrite", (photos) => photos.put(photo, id)).catch(() => {});
}

/** The kept photo, or null. */
export async function keptPhoto(id) {
  if (!here.has(id)) {
    const found = await onShelf("readonly", (photos) => photos.get(id)).catch(() => null);
    if (found) here.set(id, found);
  }
  return here.get(id) ?? null;
}

/** The photo has arrived. */
export async function dropPhoto(id) {
  here.delete(id);
  await onShelf("readwrite", (photos) => photos.delete(id)).catch(() => {});
}
