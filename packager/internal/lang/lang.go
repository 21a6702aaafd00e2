// Package lang turns language tags into the forms that containers and
// playlists want.
package lang

import "strings"

// codes pairs ISO 639-1 with ISO 639-2/T, and where it differs 639-2/B.
const codes = "aa:aar ab:abk ae:ave af:afr ak:aka am:amh an:arg ar:ara as:asm av:ava ay:aym az:aze ba:bak be:bel bg:bul bi:bis bm:bam " +
	"bn:ben bo:bod:tib br:bre bs:bos ca:cat ce:che ch:cha co:cos cr:cre cs:ces:cze cu:chu cv:chv cy:cym:wel da:dan de:deu:ger " +
	"dv:div dz:dzo ee:ewe el:ell:gre en:eng eo:epo es:spa et:est eu:eus:baq fa:fas:per ff:ful fi:fin fj:fij fo:fao fr:fra:fre " +
	"fy:fry ga:gle gd:gla gl:glg gn:grn gu:guj gv:glv ha:hau he:heb hi:hin ho:hmo hr:hrv ht:hat hu:hun hy:hye:arm hz:her ia:ina " +
	"id:ind ie:ile ig:ibo ii:iii ik:ipk io:ido is:isl:ice it:ita iu:iku ja:jpn jv:jav ka:kat:geo kg:kon ki:kik kj:kua kk:kaz " +
	"kl:kal km:khm kn:kan ko:kor kr:kau ks:kas ku:kur kv:kom kw:cor ky:kir la:lat lb:ltz lg:lug li:lim ln:lin lo:lao lt:lit " +
	"lu:lub lv:lav mg:mlg mh:mah mi:mri:mao mk:mkd:mac ml:mal mn:mon mr:mar ms:msa:may mt:mlt my:mya:bur na:nau nb:nob nd:nde " +
	"ne:nep ng:ndo nl:nld:dut nn:nno no:nor nr:nbl nv:nav ny:nya oc:oci oj:oji om:orm or:ori os:oss pa:pan pi:pli pl:pol ps:pus " +
	"pt:por qu:que rm:roh rn:run ro:ron:rum ru:rus rw:kin sa:san sc:srd sd:snd se:sme sg:sag si:sin sk:slk:slo sl:slv sm:smo " +
	"sn:sna so:som sq:sqi:alb sr:srp ss:ssw st:sot su:sun sv:swe sw:swa ta:tam te:tel tg:tgk th:tha ti:tir tk:tuk tl:tgl tn:tsn " +
	"to:ton tr:tur ts:tso tt:tat tw:twi ty:tah ug:uig uk:ukr ur:urd uz:uzb ve:ven vi:vie vo:vol wa:wln wo:wol xh:xho yi:yid " +
	"yo:yor za:zha zh:zho:chi zu:zul"

// find returns the ISO 639-1 and 639-2/T codes of a primary language in any of the three forms.
func find(primary string) (two, three string, ok bool) {
	if len(primary) < 2 || len(primary) > 3 {
		return "", "", false
	}
	for entry := range strings.FieldsSeq(codes) {
		if parts := strings.Split(entry, ":"); parts[0] == primary || parts[1] == primary || parts[len(parts)-1] == primary {
			return parts[0], parts[1], true
		}
	}
	return "", "", false
}

// ISO639 returns the ISO 639-2/T code that mdhd holds for an ISO 639 or BCP 47
// tag: "und" when there is none.
func ISO639(tag string) string {
	primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
	if _, three, ok := find(primary); ok {
		return three
	}
	if len(primary) == 3 && strings.Trim(primary, "abcdefghijklmnopqrstuvwxyz") == "" {
		return primary
	}
	return "und"
}

// BCP47 returns the tag that playlists hold for an ISO 639 or BCP 47 tag: the
// shortest code of the language (RFC 5646 clause 2.2.1), the rest as given.
// It is empty for an undetermined language and for what is no tag.
func BCP47(tag string) string {
	primary, rest, cut := strings.Cut(tag, "-")
	primary = strings.ToLower(primary)
	if primary == "" || primary == "und" || !plain(tag) {
		return ""
	}
	if two, _, ok := find(primary); ok {
		primary = two
	}
	if cut {
		return primary + "-" + rest
	}
	return primary
}

// plain reports whether tag has only the characters of RFC 5646.
func plain(tag string) bool {
	for _, c := range tag {
		if c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return len(tag) <= 64
}
