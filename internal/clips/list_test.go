package clips_test

// clip is a real clip and what is hard about it.
type clip struct{ path, traits string }

// chosen are the clean clips of docs/clips.md.
var chosen = []clip{
	{"natural/cups_720p2997_h264-aac_10s.mp4", "natural; 29.97 frames/s, time code track"},
	{"natural/talkinghead_720p30_coverart_25s.mp4", "natural; cover art beside the picture"},
	{"natural/changi_4k-portrait_2160x3840_hevc_9s.mp4", "natural; 4K portrait, HEVC"},
	{"natural/hands_1080p25_negpts-editlist_26s.mp4", "natural; edit list, negative timestamps"},
	{"natural/cockatoo_720p20_yuv444p_mp3-in-mp4_14s.mp4", "natural; 4:4:4, MP3 in MP4"},
	{"natural/dancer_640x360_vp8_noaudio_63s.webm", "natural; VP8, no sound"},
	{"film/bbb_480p_h264-aac51_30s.mp4", "film; 24 frames/s, 5.1 sound"},
	{"film/bbb_720p25_h264-aac51_62s.ts", "film; MPEG-TS, 5.1 sound"},
	{"rotated/android_720p_rot-90_1.3s.mp4", "rotated; phone held upright"},
	{"rotated/emulator_720p_rot270_5s.mp4", "rotated; the other way"},
	{"rotated/iphone_hevc10_hlg_1080p_rot-90_editlist_2.5s.mov", "rotated; HLG, HEVC 10 bit, edit list"},
	{"vp9/bear_vp9_320x240_2.7s.webm", "VP9; small"},
	{"vp9/roadtrip_10bit_vp9p2_426x240_3s.webm", "VP9; 10 bit"},
	{"av1/selfie_1080x720_av1_aac_1s.mp4", "AV1; 3:2, mono"},
	{"av1/hdr10_720x1280_av1-10bit_4.2s.mp4", "AV1; HDR10, portrait"},
	{"hdr/hdr10_1080p30_hevc10_pq_1s.mp4", "HDR10; HEVC 10 bit, variable rate"},
	{"hdr/hlg_1080p_hevc10_2.6s.mp4", "HLG; HEVC 10 bit, variable rate"},
	{"audio/beethoven_aac_113s.m4a", "sound alone; AAC"},
	{"audio/viper_41s.mp3", "sound alone; MP3"},
	{"screen/screencap_3026x1386_vfr_8.7s.mp4", "screen; 3026x1386, very uneven frame times"},
	{"timing/sar2x1_640x360_5s.mp4", "timing; pixels twice as wide as high"},
	{"timing/tos_pts-wraparound_20s.ts", "timing; timestamps wrap around in the middle"},
	{"oddsize/bear_vp9_161x121.webm", "odd width and height"},
	{"interlaced/sony-a7m3_avchd_1080i50_ac3_pgs_0.5s.mts", "interlaced; AVCHD, AC-3"},
}

// representative are the short clips that every test run does.
var representative = []string{
	"rotated/android_720p_rot-90_1.3s.mp4",
	"vp9/bear_vp9_320x240_2.7s.webm",
	"av1/selfie_1080x720_av1_aac_1s.mp4",
	"hdr/hdr10_1080p30_hevc10_pq_1s.mp4",
	"oddsize/bear_vp9_161x121.webm",
	"timing/sar2x1_640x360_5s.mp4",
	"audio/opus51_bbb.mka",
	"chapters/nero-chapters_1080x720_1s.mp4",
}
