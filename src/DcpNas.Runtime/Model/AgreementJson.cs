using System.Text.Json;

namespace DcpNas.Runtime.Model;

/// <summary>How near a mode was to the exact one, as model files say it.</summary>
internal static class AgreementJson
{
    public const string Key = "agreement";

    /// <summary>Key beside it: the images that the mode was made on.</summary>
    public const string Images = "calibration_images";

    private const string SameClass = "same_class";
    private const string ExactTop1 = "exact_top1";

    /// <summary>Reads it.</summary>
    /// <param name="place">The object.</param>
    /// <param name="ownTop1">What the mode's own share of right answers is called.</param>
    public static FixedPointAgreement Read(JsonPlace place, string ownTop1)
    {
        var members = place.Members();
        var agreement = new FixedPointAgreement(
            place.Take(members, "images").Whole(1, long.MaxValue), place.Take(members, "relative_error").Real(),
            place.TakeOptional(members, SameClass)?.Real(), place.TakeOptional(members, ExactTop1)?.Real(), place.TakeOptional(members, ownTop1)?.Real());
        place.ExpectNothingLeft(members);
        return agreement;
    }

    /// <summary>Writes it, inside of an object.</summary>
    public static void Write(Utf8JsonWriter json, FixedPointAgreement agreement, string ownTop1)
    {
        json.WriteStartObject(Key);
        json.WriteNumber("images", agreement.Images);
        json.WriteNumber("relative_error", agreement.RelativeError);
        foreach (var (key, share) in ((string, double?)[])[(SameClass, agreement.SameClass), (ExactTop1, agreement.ExactTop1), (ownTop1, agreement.FastTop1)])
        {
            if (share is { } present)
            {
                json.WriteNumber(key, present);
            }
        }

        json.WriteEndObject();
    }
}
