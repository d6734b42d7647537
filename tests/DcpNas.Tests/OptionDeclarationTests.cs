using System.Globalization;
using System.Reflection;
using DcpNas.Search;

namespace DcpNas.Tests;

/// <summary>Every value that the command line sets is declared once, and the check refuses what the declaration excludes.</summary>
public sealed class OptionDeclarationTests
{
    /// <summary>Records whose every value is an option of a command, in files and on the command line.</summary>
    public static TheoryData<Type> Records => [typeof(SearchOptions)];

    [Theory]
    [MemberData(nameof(Records))]
    public void Of_EveryPropertyThatCanBeSet_IsDeclaredWithAMeaning(Type record)
    {
        var settable = record.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite).Select(property => property.Name);

        Assert.Empty(settable.Except(OptionDeclaration.Of(record).Select(declared => declared.Property.Name)));
        Assert.All(OptionDeclaration.Of(record), declared => Assert.False(string.IsNullOrWhiteSpace(declared.Meaning), declared.Key));
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void Problems_OfAValueJustOutsideItsBounds_NameIt(Type record)
    {
        var outside = OptionDeclaration.Of(record).SelectMany(declared => Outside(declared).Select(value => (declared, value))).ToList();

        Assert.NotEmpty(outside);
        Assert.All(outside, one => Assert.Contains(Problems(With(record, one.declared.Property, one.value)), problem => problem.StartsWith($"{one.declared.Key} ", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void Problems_OfTheBoundsThemselves_DoNotNameARange(Type record) => Assert.All(
        OptionDeclaration.Of(record).SelectMany(declared => Inside(declared).Select(value => (declared, value))),
        one => Assert.Empty(OptionDeclaration.Problems(With(record, one.declared.Property, one.value))));

    [Theory]
    [MemberData(nameof(Records))]
    public void Describe_OtherOptions_NamesThoseOfTheRecord(Type record)
    {
        var keys = OptionDeclaration.Of(record).Select(declared => declared.Key).ToHashSet();

        Assert.All(OptionDeclaration.Of(record), declared => declared.Describe(
            key =>
            {
                Assert.Contains(key, keys);
                return key;
            },
            "none"));
    }

    [Fact]
    public void Describe_SaysMeaningRangeAbsenceAndNote()
    {
        Assert.Equal("Learning rate of alpha (Adam); above 0; none = --alpha_travel over the number of its steps", Text(nameof(SearchOptions.ArchitectureRate)));
        Assert.Equal("Threads of libtorch; 0 or more; 0 = all cores; a resumed run keeps the number", Text(nameof(SearchOptions.Threads)));
        Assert.Equal("Data set: cifar10, cifar100, mnist, folder or synthetic", Text(nameof(SearchOptions.Dataset)));

        static string Text(string property) => OptionDeclaration.Of<SearchOptions>(property).Describe(key => $"--{key}", "none");
    }

    [Fact]
    public void KeysThatMayChange_OfASearch_ChangeNothingThatItComputes() => Assert.Equal(["data", "workers", "checkpoint_minutes"], SearchOptions.MayChange);

    private static IEnumerable<object> Outside(OptionDeclaration declared)
    {
        var (range, isWhole) = (declared.Range, IsWhole(declared));
        if (range.HasLeast)
        {
            yield return Number(range.ExcludesLeast ? range.Least : isWhole ? range.Least - 1 : double.BitDecrement(range.Least), isWhole);
        }

        if (range.HasMost)
        {
            yield return Number(range.ExcludesMost ? range.Most : isWhole ? range.Most + 1 : double.BitIncrement(range.Most), isWhole);
        }

        if (range.IsFinite)
        {
            yield return double.PositiveInfinity;
        }

        if (declared.Names is not null)
        {
            yield return "no such name";
        }
    }

    private static IEnumerable<object> Inside(OptionDeclaration declared)
    {
        var (range, isWhole) = (declared.Range, IsWhole(declared));
        if (range.HasLeast)
        {
            yield return Number(!range.ExcludesLeast ? range.Least : isWhole ? range.Least + 1 : double.BitIncrement(range.Least), isWhole);
        }

        if (range.HasMost)
        {
            yield return Number(!range.ExcludesMost ? range.Most : isWhole ? range.Most - 1 : double.BitDecrement(range.Most), isWhole);
        }

        foreach (var name in declared.Names ?? [])
        {
            yield return name;
        }
    }

    private static bool IsWhole(OptionDeclaration declared) => (Nullable.GetUnderlyingType(declared.Property.PropertyType) ?? declared.Property.PropertyType) == typeof(int);

    private static object Number(double value, bool isWhole) => isWhole ? (object)Convert.ToInt32(value, CultureInfo.InvariantCulture) : value;

    private static object With(Type record, PropertyInfo property, object value)
    {
        var options = Activator.CreateInstance(record)!;
        property.SetValue(options, value);
        return options;
    }

    private static IReadOnlyList<string> Problems(object options) => (IReadOnlyList<string>)options.GetType().GetMethod("Problems", [])!.Invoke(options, null)!;
}
