package ladder

import "github.com/rendition-sdk/rendition"

// MaxDimension is the largest width or height this package returns or allows:
// the most that every encoder of the SDK takes.
const MaxDimension = 16384

// minDimension is the smallest even side.
const minDimension = 2

// sourceLimit bounds a hostile source's sides, so that products stay in an int64.
const sourceLimit = 1 << 24

// Fit returns the size a rendition of v gets when a job asks for width and
// height in pixels; 0 (or less) means not asked.
//
//   - Neither: the display size (after sample aspect and rotation).
//   - One: the other follows from the display aspect.
//   - Both: the largest size of the display aspect within that box.
//
// Width and height speak of a landscape picture. A portrait source turns them:
// 720 lines of a 1080x1920 clip are 720x1280, as in streaming services. The
// result is even, never larger than the source, never above MaxDimension, and
// at least 2x2. Its aspect is exact to the rounding of each side to an even
// number. Fit of nil is 0, 0.
func Fit(v *rendition.VideoInfo, width, height int) (w, h int) {
	if v == nil {
		return 0, 0
	}
	srcW, srcH := v.DisplaySize()
	if srcH > srcW {
		h, w = fitLandscape(srcH, srcW, width, height)
		return w, h
	}
	return fitLandscape(srcW, srcH, width, height)
}

// fitLandscape is Fit for a source that is not higher than it is wide.
func fitLandscape(srcW, srcH, width, height int) (w, h int) {
	srcW, srcH = min(max(srcW, 1), sourceLimit), min(max(srcH, 1), sourceLimit)
	maxW, maxH := bound(srcW, width), bound(srcH, height)
	h = maxH
	w = follow(h, srcW, srcH, floorEven(srcW))
	if w > maxW {
		w = maxW
		h = follow(w, srcH, srcW, maxH)
	}
	return w, h
}

// bound is the even limit of one side.
func bound(src, asked int) int {
	limit := min(src, MaxDimension)
	if asked > 0 {
		limit = min(limit, asked)
	}
	return floorEven(limit)
}

// follow returns side*num/den rounded to the nearest even number, within 2 and limit.
func follow(side, num, den, limit int) int {
	n := (int64(side)*int64(num) + int64(den)) / (2 * int64(den)) * 2
	return int(min(max(n, minDimension), int64(limit)))
}

// floorEven rounds down to an even number, at least 2.
func floorEven(n int) int { return max(n&^1, minDimension) }
