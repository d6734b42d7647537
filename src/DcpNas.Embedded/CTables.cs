using System.Globalization;

namespace DcpNas.Embedded;

/// <summary>Collects the constant arrays of a network; equal ones are stored once.</summary>
internal sealed class CTables
{
    private readonly Dictionary<(CType Type, string Content), CTable> _known = [];
    private readonly List<CTable> _tables = [];

    /// <summary>All tables, in the order in which they were first asked for.</summary>
    public IReadOnlyList<CTable> All => _tables;

    /// <summary>Bytes of all tables.</summary>
    public long Bytes => _tables.Sum(table => (long)table.Bytes);

    /// <summary>The identifier of an array.</summary>
    public string Add<T>(CType type, ReadOnlySpan<T> values)
        where T : struct, IConvertible
    {
        var numbers = new long[values.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = values[i].ToInt64(CultureInfo.InvariantCulture);
        }

        var key = (type, string.Join(',', numbers));
        if (!_known.TryGetValue(key, out var table))
        {
            _known[key] = table = new CTable(string.Create(CultureInfo.InvariantCulture, $"nn_table{_tables.Count}"), type, numbers);
            _tables.Add(table);
        }

        return table.Name;
    }
}
