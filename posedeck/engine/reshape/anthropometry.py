"""How much each part of the body widens with weight."""

from dataclasses import dataclass
from enum import StrEnum


class Gender(StrEnum):
    """Whose proportions are used."""

    MALE = "male"
    FEMALE = "female"


@dataclass(frozen=True)
class Exponents:
    """Exponents p of width = a * BMI**p at constant stature, one per site.

    Our own least-squares fit of ln(dimension) on ln(BMI) and ln(stature) to ANSUR II, the anthropometric survey of the
    US Army of 2012 (public data; 4,082 men, 1,986 women). Limbs are nearly round, so a girth's exponent is its width's.
    The knee is from the 507 adults of Heinz et al. 2003 (*Exploring relationships in body dimensions*, Journal of
    Statistics Education 11(2)). ``shoulder`` lies between the deltoids' breadth (0.363, 0.374) and the acromions'
    (0.121, 0.071), for a photo shows part of the flesh over the bone. ``hand`` is the breadth of the hand. The order of
    sizes agrees with Heymsfield et al. 2008 (Nutrition & Metabolism 5:24): waist highest, calf lowest.

    Soldiers measured once are not people who lose weight; the weight loss study of Rothberg et al. 2017 saw 14 cm less
    waist where these exponents say 12.9.
    """

    neck: float
    shoulder: float
    chest: float
    chest_depth: float
    waist: float
    waist_depth: float
    hip: float
    hip_depth: float
    thigh: float
    lower_thigh: float
    knee: float
    calf: float
    ankle: float
    upper_arm: float
    forearm: float
    wrist: float
    hand: float
    jaw: float
    cheek: float


EXPONENTS = {
    Gender.MALE: Exponents(
        neck=0.351,  # neck circumference
        shoulder=0.20,
        chest=0.270,  # chest breadth
        chest_depth=0.611,
        waist=0.622,  # waist breadth
        waist_depth=0.854,
        hip=0.360,  # hip breadth
        hip_depth=0.652,  # buttock depth
        thigh=0.573,  # thigh circumference
        lower_thigh=0.446,
        knee=0.332,
        calf=0.416,
        ankle=0.273,
        upper_arm=0.549,  # biceps circumference
        forearm=0.368,
        wrist=0.193,
        hand=0.124,
        jaw=0.231,  # bitragion submandibular arc
        cheek=0.159,  # bizygomatic breadth
    ),
    Gender.FEMALE: Exponents(
        neck=0.305,
        shoulder=0.18,
        chest=0.317,
        chest_depth=0.648,
        waist=0.636,
        waist_depth=0.883,
        hip=0.409,
        hip_depth=0.648,
        thigh=0.576,
        lower_thigh=0.498,
        knee=0.385,
        calf=0.411,
        ankle=0.253,
        upper_arm=0.632,
        forearm=0.384,
        wrist=0.187,
        hand=0.105,
        jaw=0.184,
        cheek=0.116,
    ),
}
