"""What kinds are called in English, Spanish and Korean."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from siren.core.task import Language

_SPANISH_AND_KOREAN: Mapping[str, tuple[str, str]] = {
    "alarm_clock": ("el despertador", "알람시계"),
    "apple": ("la manzana", "사과"),
    "banana": ("el plátano", "바나나"),
    "book": ("el libro", "책"),
    "bowl": ("el cuenco", "그릇"),
    "box": ("la caja", "상자"),
    "bread_loaf": ("el pan", "식빵덩이"),
    "brick": ("el ladrillo", "벽돌"),
    "butter": ("la mantequilla", "버터"),
    "candle": ("la vela", "양초"),
    "cereal_box": ("los cereales", "시리얼"),
    "chocolate": ("el chocolate", "초콜릿"),
    "cola_can": ("la cola", "콜라"),
    "cover": ("la tapadera", "덮개"),
    "croissant": ("el cruasán", "크루아상"),
    "cup": ("la taza", "컵"),
    "die": ("el dado", "주사위"),
    "donut": ("la rosquilla", "도넛"),
    "dumbbell": ("la mancuerna", "아령"),
    "egg": ("el huevo", "달걀"),
    "flashlight": ("la linterna", "손전등"),
    "glass": ("el vaso", "유리잔"),
    "gold_bar": ("el lingote", "금괴"),
    "golf_ball": ("la bola de golf", "골프공"),
    "green_apple": ("la manzana verde", "풋사과"),
    "hammer": ("el martillo", "망치"),
    "jam_jar": ("la mermelada", "잼"),
    "juice_box": ("el zumo", "주스"),
    "lemon": ("el limón", "레몬"),
    "lid": ("la tapa", "뚜껑"),
    "matchbox": ("las cerillas", "성냥갑"),
    "milk_carton": ("la leche", "우유"),
    "muffin": ("la magdalena", "머핀"),
    "orange": ("la naranja", "오렌지"),
    "paint_brush": ("la brocha", "페인트붓"),
    "pear": ("la pera", "배"),
    "pepper_mill": ("el molinillo", "후추통"),
    "phone": ("el teléfono", "전화기"),
    "plank": ("la tabla", "널빤지"),
    "plate": ("el plato", "접시"),
    "plum": ("la ciruela", "자두"),
    "red_cube": ("el cubo rojo", "빨간큐브"),
    "remote": ("el mando", "리모컨"),
    "rock": ("la piedra", "돌"),
    "rolling_pin": ("el rodillo", "밀대"),
    "rubber_duck": ("el patito", "고무오리"),
    "screwdriver": ("el destornillador", "드라이버"),
    "scrub_brush": ("el cepillo", "솔"),
    "soap": ("el jabón", "비누"),
    "soccer_ball": ("el balón", "축구공"),
    "soda_can": ("el refresco", "탄산음료"),
    "sponge": ("la esponja", "스펀지"),
    "spray_bottle": ("el pulverizador", "분무기"),
    "stapler": ("la grapadora", "스테이플러"),
    "strawberry": ("la fresa", "딸기"),
    "tape_roll": ("la cinta", "테이프"),
    "tennis_ball": ("la pelota de tenis", "테니스공"),
    "tile": ("el azulejo", "타일"),
    "toast": ("la tostada", "토스트"),
    "toy_block": ("el bloque", "블록"),
    "toy_car": ("el cochecito", "장난감차"),
    "toy_train": ("el trenecito", "장난감기차"),
    "tray": ("la bandeja", "쟁반"),
    "vase": ("el jarrón", "꽃병"),
    "water_bottle": ("el agua", "물병"),
    "watermelon": ("la sandía", "수박"),
    "wine_bottle": ("el vino", "와인"),
    "wrench": ("la llave inglesa", "렌치"),
    "yoghurt": ("el yogur", "요구르트"),
    "blue_mat": ("el mantel azul", "파란매트"),
    "red_mat": ("el mantel rojo", "빨간매트"),
    "yellow_disc": ("el disco amarillo", "노란원"),
    "green_cross": ("la cruz verde", "초록십자"),
    "one_dot": ("el punto", "점하나"),
    "two_dots": ("los dos puntos", "점둘"),
    "three_dots": ("los tres puntos", "점셋"),
}
NAMES: Mapping[str, tuple[str, str]] = MappingProxyType(_SPANISH_AND_KOREAN)


def spoken(name: str, language: Language = "en") -> str:
    """The name of a kind as people say it, with its article where the language has one. KeyError for a kind without a name there."""
    if language == "en":
        return "the " + name.replace("_", " ")
    return NAMES[name][0 if language == "es" else 1]


def joined(phrases: Sequence[str]) -> str:
    """Several things spoken of together, in English: `the apple and the egg`, `the apple the egg and the die`."""
    return " and ".join([" ".join(phrases[:-1]), phrases[-1]]) if len(phrases) > 1 else phrases[0]
