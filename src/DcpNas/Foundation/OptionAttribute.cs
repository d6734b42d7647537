namespace DcpNas.Foundation;

/// <summary>Declares what a value of an options record is for and which values it may have. Help texts, range checks, tables and what a resumed run may change follow from it.</summary>
/// <remarks>The default is that of the record. Rules between several values stay code, in the <c>Problems()</c> of the record.</remarks>
/// <param name="meaning">What the value is for, without its range and default; keys of other options stand in backticks.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OptionAttribute(string meaning) : Attribute
{
    /// <summary>What the value is for.</summary>
    public string Meaning { get; } = meaning;

    /// <summary>The least number that is allowed.</summary>
    public double Min { get; init; } = double.NaN;

    /// <summary>The number that the value must be above.</summary>
    public double Above { get; init; } = double.NaN;

    /// <summary>The largest number that is allowed.</summary>
    public double Max { get; init; } = double.NaN;

    /// <summary>The number that the value must be below.</summary>
    public double Below { get; init; } = double.NaN;

    /// <summary>Whether infinity is refused although no bound says so.</summary>
    public bool Finite { get; init; }

    /// <summary>What K stands for on the command line: 1000, or 1024 of bytes of memory. M and G are its powers.</summary>
    public int Thousand { get; init; } = 1000;

    /// <summary>Why the value must not be less, for the message.</summary>
    public string? Reason { get; init; }

    /// <summary>What the message says after "must be", where that is not what the bounds say by themselves.</summary>
    public string? Rule { get; init; }

    /// <summary>The class whose list <c>All</c> holds the names of which the value is one.</summary>
    public Type? Names { get; init; }

    /// <summary>What it means that the value is absent.</summary>
    public string? None { get; init; }

    /// <summary>What else there is to know, said after the range.</summary>
    public string? Note { get; init; }

    /// <summary>Whether a rule of <c>Problems()</c> that says more refuses what is out of bounds.</summary>
    public bool CheckedByRule { get; init; }

    /// <summary>The key of earlier versions, which options files, run folders and the command line may still use; null for none.</summary>
    public string? Formerly { get; init; }

    /// <summary>A value of earlier versions and what it is called now, as <c>twin=full_precision</c>; the former is read wherever options are. Null for none.</summary>
    public string? RenamedValue { get; init; }

    /// <summary>Whether the value may differ when a run is resumed.</summary>
    public bool MayChange { get; init; }

    /// <summary>The numbers that are allowed.</summary>
    public OptionRange Range => new(
        double.IsNaN(Above) ? Min : Above, double.IsNaN(Below) ? Max : Below, ExcludesLeast: !double.IsNaN(Above), ExcludesMost: !double.IsNaN(Below), Finite);
}
