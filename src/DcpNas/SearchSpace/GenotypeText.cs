namespace DcpNas.SearchSpace;

/// <summary>The one-line text form of genotypes: <c>normal: n2[max&lt;-0, sep5&lt;-1] ... n5[...] | reduction: n2[...] ...</c>.</summary>
internal static class GenotypeText
{
    private static readonly string[] ShortNames = [.. OperationTable.All.Select(operation => operation.ShortName)];

    public static string ShortName(string operation)
    {
        var index = OperationNames.All.ToList().IndexOf(operation);
        return index < 0 ? operation : ShortNames[index];
    }

    public static string Print(Genotype genotype) => $"normal: {genotype.Normal} | reduction: {genotype.Reduction}";

    public static string Print(CellGenotype cell) =>
        string.Join(' ', cell.Nodes.Select((edges, index) => $"n{index + CellTopology.InputCount}[{string.Join(", ", edges)}]"));

    /// <exception cref="InputException">The text is no genotype.</exception>
    public static Genotype Parse(string text)
    {
        var reader = new Reader(text);
        reader.Expect("normal");
        reader.Expect(":");
        var normal = ReadCell(reader);
        reader.Expect("|");
        reader.Expect("reduction");
        reader.Expect(":");
        var reduction = ReadCell(reader);
        reader.ExpectEnd();
        return new Genotype(normal, reduction);
    }

    private static CellGenotype ReadCell(Reader reader)
    {
        var nodes = new List<GenotypeEdge[]>();
        for (var node = CellTopology.InputCount; node < CellTopology.PlaceCount; node++)
        {
            reader.Expect($"n{node}");
            reader.Expect("[");
            var first = ReadEdge(reader, [], node);
            reader.Expect(",");
            var second = ReadEdge(reader, [first], node);
            reader.Expect("]");
            nodes.Add([first, second]);
        }

        return new CellGenotype(nodes);
    }

    /// <summary>Reads one edge and checks it against the edges before it, so that a fault is told at its own character.</summary>
    private static GenotypeEdge ReadEdge(Reader reader, IReadOnlyList<GenotypeEdge> earlier, int node)
    {
        var (name, nameAt) = reader.Word();
        var index = Array.IndexOf(ShortNames, name);
        var operation = index < 0 ? name : OperationNames.All[index];
        if (GenotypeRules.OperationFault(operation) is { } unknown)
        {
            var shortNames = ShortNames.Where(known => known != OperationNames.None);
            throw index < 0
                ? Reader.Fault(nameAt, $"one of {string.Join(", ", shortNames)}", unknown.Found, GenotypeRules.Suggest(name, shortNames.Concat(GenotypeRules.Operations), unknown.Remedy))
                : Reader.Fault(nameAt, unknown.Expected, unknown.Found, unknown.Remedy);
        }

        reader.Expect("<-");
        var (digits, inputAt) = reader.Word();
        if (!int.TryParse(digits, out var input))
        {
            throw Reader.Fault(inputAt, "the number of a node", $"'{digits}'", "Write the input as in 'sep3<-1'.");
        }

        var edge = new GenotypeEdge(operation, input);
        return GenotypeRules.FirstFault([.. earlier, edge], node) is { } fault ? throw Reader.Fault(inputAt, fault.Expected, fault.Found, fault.Remedy) : edge;
    }

    /// <summary>A position in the text.</summary>
    private sealed class Reader(string text)
    {
        private const string Form = "The form is 'normal: n2[max<-0, sep5<-1] n3[...] n4[...] n5[...] | reduction: n2[...] ...'.";
        private int _next;

        public void Expect(string token)
        {
            SkipSpace();
            if (!text.AsSpan(_next).StartsWith(token, StringComparison.Ordinal))
            {
                throw Fault(_next, $"'{token}'", Found(), Form);
            }

            _next += token.Length;
        }

        public void ExpectEnd()
        {
            SkipSpace();
            if (_next < text.Length)
            {
                throw Fault(_next, "the end", Found(), Form);
            }
        }

        /// <summary>The letters, digits and underscores that follow, at least one, and where they begin.</summary>
        public (string Word, int Start) Word()
        {
            SkipSpace();
            var start = _next;
            while (_next < text.Length && (char.IsAsciiLetterOrDigit(text[_next]) || text[_next] == '_'))
            {
                _next++;
            }

            return _next > start ? (text[start.._next], start) : throw Fault(start, "a name or a number", Found(), Form);
        }

        public static InputException Fault(int position, string expected, string found, string remedy) =>
            InputException.InFile("genotype text", $"character {position + 1}", expected, found, remedy);

        private string Found() => _next < text.Length ? $"'{text[_next]}'" : "the end";

        private void SkipSpace()
        {
            while (_next < text.Length && char.IsWhiteSpace(text[_next]))
            {
                _next++;
            }
        }
    }
}
