// Photos of a road before and after, drawn on the spot, so that the story needs no picture of a real place.

const WIDTH = 960;
const HEIGHT = 640;
const HORIZON = 330;

/** The road from back to front: a colour and the corners it fills. */
const SHAPES = [
  ["#5e7a86", [0, 330, 170, 240, 300, 300, 520, 130, 700, 280, 960, 230, 960, 330]],
  ["#6f8f5a", [0, 330, 960, 330, 960, 640, 0, 640]],
  ["#6d6a68", [420, 330, 540, 330, 900, 640, 60, 640]],
  ["#efe9dc", [478, 350, 482, 350, 483, 380, 477, 380]],
  ["#efe9dc", [476, 410, 484, 410, 486, 460, 474, 460]],
  ["#efe9dc", [472, 500, 488, 500, 491, 590, 469, 590]],
];

/** What lies on the road: a colour, a middle and half its width and height. */
const SPOTS = {
  hole: [
    ["#8f8a83", 330, 540, 152, 58],
    ["#574b40", 334, 546, 134, 46],
    ["#392f27", 344, 556, 104, 30],
    ["#8fa6ad", 356, 562, 62, 14],
    ["#8f8a83", 560, 440, 46, 14],
    ["#4a4038", 562, 442, 36, 9],
  ],
  mended: [
    ["#3b3938", 330, 540, 152, 56],
    ["#3b3938", 560, 440, 46, 14],
  ],
};
const NAMES = { hole: "contoh-jalan-berlubang.jpg", mended: "contoh-jalan-ditambal.jpg" };

/** Returns a JPEG file, "hole" or "mended", that says on its face that it is a sample. */
export async function samplePhoto(kind) {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  draw(canvas.getContext("2d"), SPOTS[kind]);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
  return new File([blob], NAMES[kind], { type: "image/jpeg" });
}

function draw(pen, spots) {
  const light = pen.createLinearGradient(0, 0, 0, HORIZON);
  light.addColorStop(0, "#7ba7c4");
  light.addColorStop(1, "#dfe7df");
  pen.fillStyle = light;
  pen.fillRect(0, 0, WIDTH, HORIZON);
  for (const [colour, corners] of SHAPES) fill(pen, colour, corners);
  for (const spot of spots) dab(pen, ...spot);
  pen.fillStyle = "#ffffffd9";
  pen.font = "bold 44px sans-serif";
  pen.fillText("CONTOH", 96, 82);
}

function fill(pen, colour, corners) {
  pen.fillStyle = colour;
  pen.beginPath();
  for (let at = 0; at < corners.length; at += 2) pen.lineTo(corners[at], corners[at + 1]);
  pen.fill();
}

function dab(pen, colour, x, y, wide, high) {
  pen.fillStyle = colour;
  pen.beginPath();
  pen.ellipse(x, y, wide, high, -0.08, 0, Math.PI * 2);
  pen.fill();
}
