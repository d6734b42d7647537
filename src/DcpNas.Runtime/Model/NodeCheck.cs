namespace DcpNas.Runtime.Model;

/// <summary>Checks that several nodes share; each throws <see cref="ModelFaultException"/>.</summary>
internal static class NodeCheck
{
    public static void Range(string place, string name, long value, long minimum, long maximum)
    {
        if (value < minimum || value > maximum)
        {
            throw new ModelFaultException(place, minimum == maximum ? $"{name} {minimum}" : $"{name} from {minimum} to {maximum}", $"{value}");
        }
    }

    public static ValueShape Shape(string place, ValueShape shape)
    {
        Range(place, "height", shape.Height, 1, ModelLimits.Side);
        Range(place, "width", shape.Width, 1, ModelLimits.Side);
        Range(place, "channels", shape.Channels, 1, ModelLimits.Channels);
        if (shape.Bytes > ModelLimits.ValueBytes)
        {
            throw new ModelFaultException(place, $"a value of at most {ModelLimits.ValueBytes} bytes", $"{shape}, {shape.Bytes} bytes");
        }

        return shape;
    }

    public static void Count(string place, ReadOnlySpan<ValueShape> inputs, int minimum, int maximum)
    {
        if (inputs.Length < minimum || inputs.Length > maximum)
        {
            throw new ModelFaultException(place, minimum == maximum ? $"{minimum} inputs" : $"{minimum} to {maximum} inputs", $"{inputs.Length}");
        }
    }

    public static void Kind(string place, ValueShape input, ValueKind kind)
    {
        if (input.Kind != kind)
        {
            throw new ModelFaultException(place, $"an input of {ValueShape.NameOf(kind)}", $"{input}");
        }
    }

    public static void Length(string place, string tensor, int length, long expected)
    {
        if (length != expected)
        {
            throw new ModelFaultException(place, $"{expected} elements in {tensor}", $"{length}");
        }
    }

    public static void Finite(string place, string tensor, ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            if (!float.IsFinite(value))
            {
                throw new ModelFaultException(place, $"finite numbers in {tensor}", $"{value}");
            }
        }
    }

    public static void Rules(string place, ReadOnlySpan<ThresholdRule> rules)
    {
        foreach (var rule in rules)
        {
            if (rule > ThresholdRule.NotBelow)
            {
                throw new ModelFaultException(place, "rules 0 or 1", $"{(byte)rule}");
            }
        }
    }

    public static void Name(string place, string name)
    {
        if (name.Length is 0 or > ModelLimits.NameLength)
        {
            throw new ModelFaultException(place, $"a name of 1 to {ModelLimits.NameLength} characters", $"{name.Length} characters");
        }

        foreach (var letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('.' or '_' or '-'))
            {
                throw new ModelFaultException(place, "a name of the characters A-Z a-z 0-9 . _ -", $"'{name}'");
            }
        }
    }
}
