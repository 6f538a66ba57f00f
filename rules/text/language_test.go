package text_test

import (
	"testing"

	"golang.org/x/text/unicode/norm"
)

// TestLanguages shows comments as people write them, with words that are in them and words that are not.
func TestLanguages(t *testing.T) {
	tests := []struct {
		language   string
		text       string
		has, lacks []string
	}{
		{"Portuguese", "Olá, qual o PREÇO da mochila? Não achei…",
			[]string{"preço", "preco", "prec\u0327o", "nao", "não achei", "mochila"}, []string{"preços", "prec", "nao achei nada"}},
		{"Spanish", "¿Cuánto cuesta la camiseta? ¡Está chulísima, señora!",
			[]string{"cuánto", "cuanto cuesta", "esta", "señora", "senora"}, []string{"cuantos", "costa", "seno"}},
		{"French", "Ça coûte combien, l’hôtel ? Mon coeur… aujourd'hui",
			[]string{"ca coute", "hôtel", "hotel", "l'hotel", "cœur", "aujourd’hui"}, []string{"coûter", "hôtels", "combien l'hotel mon"}},
		{"German", "Was kostet die GROSSE Größe? Straße, STRAẞE, Maße!",
			[]string{"große", "größe", "GRÖSSE", "strasse", "Straße", "masse"}, []string{"groß", "groesse", "preis", "straßen"}},
		{"Polish", "ILE KOSZTUJE? 50 zlotych, Łódź",
			[]string{"złotych", "łódź", "lodz", "50 złotych"}, []string{"złoty", "lod"}},
		{"Czech", "Kolik stojí ten svetr, prosím? ŘEKNI", []string{"stoji", "řekni", "rekni"}, []string{"stoj"}},
		{"Dutch", "Wat een mooi ĲS! Foto's?", []string{"ijs", "foto's", "foto"}, []string{"ij"}},
		{"Danish", "KØBENHAVN på æblegrød", []string{"kobenhavn", "pa", "aeblegrod", "æblegrød"}, []string{"københavns"}},
		{"Turkish", "FİYATI nedir? KAPI açık, Diyarbakır'da ILIK",
			[]string{"fiyatı", "FIYATI", "fiyati", "kapı", "kapi", "KAPİ", "açık", "diyarbakır", "ılık"}, []string{"fiyat", "diyarbakırda", "kap"}},
		{"Turkish in small letters", "fiyatı? istanbul ılık", []string{"FİYATI", "FIYATI", "İSTANBUL", "ISTANBUL", "ILIK"}, []string{"İSTANBULDA"}},
		{"Vietnamese", "Giá bao nhiêu vậy ạ? ĐƯỢC KHÔNG",
			[]string{"giá", "gia bao nhieu", "được không", "duoc khong"}, []string{"giày", "nhiêu giá"}},
		{"Vietnamese without marks", "gia bao nhieu, duoc khong", []string{"giá", "bao nhiêu", "được không"}, []string{"già đình"}},
		{"Greek", "ΠΌΣΟ κάνει; Ο ΠΌΣΟΣ, η ΤΙΜΗ, ΰ",
			[]string{"πόσο", "ποσο", "πόσος", "τιμή", "τιμη", "πόσο κάνει", "υ"}, []string{"τιμές", "ποσ"}},
		{"Russian", "Какая ЦЕНА? Скажите, ещё есть?! мои заказы",
			[]string{"цена", "Цена", "ещё", "еще", "какая цена"}, []string{"цены", "цен", "мой", "цена скажите"}},
		{"Russian ё in the word only", "а еще? Елка", []string{"ещё", "ёлка"}, []string{"есчё"}},
		{"Ukrainian", "Яка ЦІНА? М’ЯТА є, їжа й чай", []string{"ціна", "м'ята", "мʼята", "їжа"}, []string{"цина", "іжа", "ціни"}},
		{"Arabic", "كم السعر؟ بكم الشحن، لو سمحت",
			[]string{"السعر", "كم السعر", "السِّعْر", "الســـعر", "بكم", "الشحن"}, []string{"سعر", "شحن", "والسعر", "ك"}},
		{"Arabic with vowel signs", "كَمِ السِّعْرُ؟ مُدَرِّسٌ", []string{"السعر", "كم السعر", "مدرس"}, []string{"مدارس"}},
		{"Arabic stretched", "الســـــعر جمــيل", []string{"السعر", "جميل"}, []string{"السعير"}},
		{"Arabic with hamzas left out", "اسعار القران وانا اسال", []string{"أسعار", "القرآن", "أسأل"}, []string{"أسعاركم"}},
		{"Arabic with a prefix", "والسعر؟", []string{"والسعر"}, []string{"السعر", "سعر"}},
		{"Arabic in shapes", "ﺍﻟﺴﻌﺮ", []string{"السعر"}, []string{"سعر"}},
		{"Persian", "قیمتش چنده؟ می\u200Cخواهم", []string{"چنده", "میخواهم", "می\u200Cخواهم"}, []string{"قیمت", "خواهم"}},
		{"Urdu", "اس کی قیمت کیا ہے؟", []string{"قیمت", "کیا ہے"}, []string{"قیمتی"}},
		{"Hebrew", "מה המחיר? צה״ל", []string{"המחיר", "הַמְּחִיר", "מה המחיר", `צה"ל`}, []string{"מחיר", "שמחיר"}},
		{"Hebrew with points", "שָׁלוֹם", []string{"שלום"}, []string{"שלו"}},
		{"Hindi", "इसकी कीमत क्या है? भेजो।", []string{"कीमत", "कीमत क्या", "भेजो"}, []string{"किमत", "कीमती", "मत", "की"}},
		{"Hindi nukta", "\u0958लम", []string{"\u0915\u093Cलम", "\u0958लम"}, []string{"कलम"}},
		{"Marathi", "किंमत किती आहे?", []string{"किंमत", "किती आहे"}, []string{"कीमत"}},
		{"Bengali", "এটার দাম কত? জানাবেন।", []string{"দাম", "দাম কত", "জানাবেন"}, []string{"দামটা", "এটা"}},
		{"Tamil", "இதன் விலை என்ன?", []string{"விலை", "விலை என்ன"}, []string{"விலைகள்", "வில"}},
		{"Telugu", "ధర ఎంత?", []string{"ధర", "ధర ఎంత"}, []string{"ధరలు"}},
		{"Thai", "ขอราคาหน่อยค่ะ สวยมากกก ราคา50บาท",
			[]string{"ราคา", "หน่อย", "มาก", "50", "บาท", "50บาท", "ราคา 50 บาท"}, []string{"ราคาหน่อยสวย", "ถูก", "ราค่า"}},
		{"Thai vowels stay with their letter", "กินี", []string{"กินี", "กิ"}, []string{"กิน", "กน", "กนี"}},
		{"Lao", "ຂໍຖາມລາຄາເທົ່າໃດ", []string{"ລາຄາ", "ເທົ່າໃດ"}, []string{"ລາຄ່າ"}},
		{"Khmer", "តើតម្លៃ\u200Bប៉ុន្មាន?", []string{"តម្លៃ", "ប៉ុន្មាន", "តម្លៃប៉ុន្មាន"}, []string{"ថ្លៃ", "តម"}},
		{"Burmese", "ဒါဈေးဘယ်လောက်လဲ", []string{"ဈေး", "ဘယ်လောက်"}, []string{"ဘယ", "ဈ"}},
		{"Chinese", "请问这个iPhone15多少钱？可以优惠吗", []string{"多少钱", "优惠", "iphone15", "这个iPhone15多少钱"}, []string{"優惠", "钱可以", "iphone", "15"}},
		{"Chinese over a comma", "多少，钱", []string{"多少"}, []string{"多少钱"}},
		{"Chinese, traditional", "請問價\u200B格多少？ＡＢＣ", []string{"價格", "abc", "價格多少"}, []string{"价格"}},
		{"Japanese", "このワンピースの価格はいくらですか？時々ﾌﾟﾚｾﾞﾝﾄもあるよ",
			[]string{"価格", "いくら", "ワンピース", "ﾜﾝﾋﾟｰｽ", "時々", "プレゼント", "フ\u309Aレセ\u3099ント", "価格 は"}, []string{"価 格は高い", "ぷれぜんと", "フレセント", "か゛"}},
		{"Japanese glued to Latin", "BLUEの価格＃セール", []string{"blue", "価格", "セール", "#セール", "blueの価格"}, []string{"lue", "blu"}},
		{"Japanese voice marks", "がぎ ｶﾞ", []string{"が", "か\u3099", "ガ"}, []string{"か", "カ"}},
		{"Japanese torn apart", "価 格", []string{"価 格", "価"}, []string{"価格"}},
		{"Korean", "가격 알려주세요! 얼마예요?", []string{"가격", "가격 알려주세요", "얼마예요", norm.NFD.String("가격")}, []string{"격", "알려", "가격이"}},
		{"Korean with a particle", "가격이 무가격", []string{"가격이"}, []string{"가격"}},
		{"Korean laughter", "ㅋㅋㅋ 대박", []string{"ㅋㅋㅋ"}, []string{"ㅋㅋ", "ㅋㅋㅋㅋ"}},
		{"Georgian", "რა ღირს? ᲤᲐᲡᲘ", []string{"ღირს", "ფასი"}, []string{"ფას"}},
		{"Armenian", "ԳԻՆԸ ինչքա՞ն է", []string{"գինը"}, []string{"գին"}},
		{"several scripts", "hi 価格 please цена/price?السعر", []string{"価格 please", "цена", "price", "السعر", "цена price"}, []string{"格p"}},
		{"fonts, full width, ligatures", "ＰＲＩＣＥ 𝗽𝗿𝗶𝗰𝗲 𝓹𝓵𝓼 ﬁnal ﬃx", []string{"price", "pls", "final", "ffix"}, []string{"pric", "f"}},
	}
	for _, test := range tests {
		t.Run(test.language, func(t *testing.T) {
			for _, form := range []norm.Form{norm.NFC, norm.NFD} {
				for _, w := range test.has {
					if !has(form.String(test.text), w) {
						t.Errorf("%q is not found in %q", w, form.String(test.text))
					}
				}
				for _, w := range test.lacks {
					if has(form.String(test.text), w) {
						t.Errorf("%q is found in %q", w, form.String(test.text))
					}
				}
			}
		})
	}
}
