using System.Text.Json;

namespace DcpNas.Runtime.Model;

/// <summary>The part of a model file that the fast mode needs.</summary>
internal static class FixedPointJson
{
    public const string Key = "fixed_point";

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
            CalibrationImages = place.Take(members, AgreementJson.Images).Whole(1, long.MaxValue),
            Agreement = AgreementJson.Read(place.Take(members, AgreementJson.Key), FastTop1),
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
        json.WriteNumber(AgreementJson.Images, info.CalibrationImages);
        AgreementJson.Write(json, info.Agreement, FastTop1);
        json.WriteEndObject();
    }
}
