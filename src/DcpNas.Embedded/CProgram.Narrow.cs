namespace DcpNas.Embedded;

/// <summary>Numbers of 8 and of 16 bits in one step.</summary>
internal sealed partial class CProgram
{
    /// <summary>What a step reads: its values, the calls before it, and the suffix of its kernel.</summary>
    /// <param name="Values">One per name.</param>
    /// <param name="Widened">Values of 8 bits, each with its copy in 16.</param>
    /// <param name="Suffix">"" where all numbers have 16 bits, "8" where all have 8, "_to8" where those alone that it makes have 8.</param>
    private sealed record Numbers(IReadOnlyList<CValue> Values, IReadOnlyList<(CValue From, CValue To)> Widened, string Suffix)
    {
        public IEnumerable<string> Kernels => Widened.Count > 0 ? ["widen"] : [];

        public IEnumerable<string> Lines => Widened.Select(pair => Text($"nn_widen({pair.From.Pointer}, {pair.To.Pointer}, {pair.From.Elements});"));

        public void AddTo(CWork work)
        {
            if (Widened.Count > 0)
            {
                work.Add("scale.number", Widened.Sum(pair => pair.From.Elements)); // a loop like it, without a shift
            }
        }
    }

    /// <summary>Reads numbers for a kernel that knows one width of what it reads: values of the other are copied into memory of the next step.</summary>
    /// <param name="made">The type of the numbers that it makes.</param>
    /// <param name="names">What it reads.</param>
    private Numbers ReadNumbers(CType made, params IEnumerable<string> names)
    {
        CValue[] values = [.. names.Select(Read)];
        if (made == CType.Int8 && values.All(value => value.Type == CType.Int8))
        {
            return new Numbers(values, [], "8");
        }

        var widened = new List<(CValue, CValue)>();
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i].Type == CType.Int8)
            {
                var copy = Scratch(CType.Int16, values[i].Elements);
                widened.Add((values[i], copy));
                values[i] = copy;
            }
        }

        return new Numbers(values, widened, made == CType.Int8 ? "_to8" : "");
    }

    /// <summary>The type of the numbers of a node.</summary>
    private CType TypeOf(string node) => _bits.GetValueOrDefault(node) == 8 ? CType.Int8 : CType.Int16;
}
