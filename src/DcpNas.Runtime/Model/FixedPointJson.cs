using System.Text.Json;

namespace DcpNas.Runtime.Model;

/// <summary>The part of a model file that the fast mode needs.</summary>
internal static class FixedPointJson
{
    public const string Key = "fixed_point";

    private const string SameClass = "same_class";
    private const string ExactTop1 = "exact_top1";
    private const string FastTop1 = "fast_top1";

    public static FixedPointInfo Read(JsonPlace place)
    {
        var members = place.Members();
        var exponents = place.Take(members, "exponents");
        var info = new FixedPointInfo
        {
            Exponents = exponents.Members().ToDictionary(
                member => member.Key,
                member => (int)new JsonPlace(member.Value, $"{exponents.Path}.{member.Key}").Whole(FixedPointInfo.LeastExponent, FixedPointInfo.MostExponent),
                StringComparer.Ordinal),
            CalibrationImages = place.Take(members, "calibration_images").Whole(1, long.MaxValue),
            Agreement = ReadAgreement(place.Take(members, "agreement")),
        };
        place.ExpectNothingLeft(members);
        return info;
    }

    /// <summary>Writes it.</summary>
    /// <param name="json">Inside of an object.</param>
    /// <param name="info">What is written.</param>
    /// <param name="nameOf">The name under which a node is written.</param>
    public static void Write(Utf8JsonWriter json, FixedPointInfo info, Func<string, string> nameOf)
    {
        json.WriteStartObject(Key);
        json.WriteStartObject("exponents");
        foreach (var (node, exponent) in info.Exponents.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            json.WriteNumber(nameOf(node), exponent);
        }

        json.WriteEndObject();
        json.WriteNumber("calibration_images", info.CalibrationImages);
        json.WriteStartObject("agreement");
        json.WriteNumber("images", info.Agreement.Images);
        json.WriteNumber("relative_error", info.Agreement.RelativeError);
        foreach (var (key, share) in ((string, double?)[])[(SameClass, info.Agreement.SameClass), (ExactTop1, info.Agreement.ExactTop1), (FastTop1, info.Agreement.FastTop1)])
        {
            if (share is { } present)
            {
                json.WriteNumber(key, present);
            }
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static FixedPointAgreement ReadAgreement(JsonPlace place)
    {
        var members = place.Members();
        var agreement = new FixedPointAgreement(
            place.Take(members, "images").Whole(1, long.MaxValue), place.Take(members, "relative_error").Real(),
            place.TakeOptional(members, SameClass)?.Real(), place.TakeOptional(members, ExactTop1)?.Real(), place.TakeOptional(members, FastTop1)?.Real());
        place.ExpectNothingLeft(members);
        return agreement;
    }
}
