using System.Reflection;
using System.Reflection.Emit;
using DcpNas.Search;
using DcpNas.SearchSpace;

namespace DcpNas.Tests;

/// <summary>Who may know whom (ARCHITECTURE.md), read from signatures and method bodies.</summary>
public sealed class ArchitectureTests
{
    private const BindingFlags Everything = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // Root holds exceptions and helpers; Native loads libtorch. Both are open to all.
    private static readonly string[] Open = ["", "Native"];

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Native"] = [],
        ["Cost"] = [],
        // A pair: binary layers run on the fused operators, which fuse the sign that Binarization defines.
        ["Operators"] = ["Binarization"],
        ["Binarization"] = ["Operators"],
        ["Data"] = [],
        ["Statistics"] = [],
        ["Runs"] = [],
        ["Protocols"] = ["Data", "Runs"],
        ["SearchSpace"] = ["Binarization", "Operators", "Cost"],
        ["Networks"] = ["SearchSpace", "Binarization", "Operators", "Cost"],
        ["Tasks"] = ["Networks", "Binarization", "Cost", "Data", "Protocols"],
        ["Training"] = ["Tasks", "Networks", "SearchSpace", "Binarization", "Operators", "Cost", "Data", "Runs"],
        ["Export"] = ["Training", "Tasks", "Networks", "SearchSpace", "Binarization", "Operators", "Cost", "Data", "Runs"],
        ["Search"] = ["SearchSpace", "Binarization", "Operators", "Cost", "Data", "Runs"],
        ["Assessment"] = ["Training", "Tasks", "Networks", "Cost", "Data", "Runs", "Protocols"],
        ["Candidates"] = ["Search", "Training", "Tasks", "Networks", "SearchSpace", "Runs"],
        ["Populations"] = ["Search", "Training", "Tasks", "Networks", "SearchSpace", "Binarization", "Cost", "Data", "Runs", "Statistics"],
        ["Comparison"] = ["Candidates", "Search", "Populations", "Assessment", "SearchSpace", "Training", "Tasks", "Networks", "Binarization", "Cost", "Data", "Runs", "Statistics"],
    };

    // Reports and tables call operations and edges by their names; they know nothing else of the search space.
    private static readonly (string From, Type To)[] Exceptions = [("Runs", typeof(OperationNames)), ("Runs", typeof(CellTopology))];

    private static readonly OpCode[] Codes = [.. typeof(OpCodes).GetFields().Select(field => (OpCode)field.GetValue(null)!)];
    private static readonly Dictionary<short, OpCode> ByValue = Codes.ToDictionary(code => code.Value);
    private static readonly Assembly Library = typeof(SearchOptions).Assembly;

    public static TheoryData<string> Folders => [.. Allowed.Keys];

    [Fact]
    public void Library_EveryFolder_HasItsRule() => Assert.Equal(
        Allowed.Keys.Order(StringComparer.Ordinal),
        Library.GetTypes().Select(FolderOf).OfType<string>().Where(folder => folder.Length > 0).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Folders))]
    public void Folder_KnowsNobodyBeyondItsRule(string folder)
    {
        var arrows = Library.GetTypes().Where(type => FolderOf(type) == folder)
            .SelectMany(type => KnownBy(type).Select(known => (From: type, To: known)))
            .Select(arrow => (arrow.From, arrow.To, Folder: FolderOf(arrow.To)))
            .Where(arrow => arrow.Folder is not null && arrow.Folder != folder && !Open.Contains(arrow.Folder) && !Allowed[folder].Contains(arrow.Folder) && !Exceptions.Contains((folder, arrow.To)))
            .Select(arrow => $"{arrow.From.FullName} -> {arrow.To.FullName}");
        Assert.Empty(arrows.Distinct());
    }

    [Fact]
    public void Folder_Search_IsSeenToKnowTheOthers()
    {
        // The reader of arrows must find what is surely there, or the rules above would hold for nothing.
        var known = Library.GetTypes().Where(type => FolderOf(type) == "Search").SelectMany(KnownBy).Select(FolderOf).OfType<string>().ToHashSet();
        Assert.Superset(new HashSet<string>(["SearchSpace", "Binarization", "Cost", "Data", "Runs", "Native"]), known);
    }

    [Fact]
    public void Library_KnowsNoCommandLine() => Assert.DoesNotContain(
        Library.GetReferencedAssemblies(), name => name.Name is "System.CommandLine" or "Spectre.Console" or "DcpNas.Cli");

    /// <summary>The folder below src/DcpNas that a type stands in: "" for the root, null for types of others.</summary>
    private static string? FolderOf(Type type)
    {
        var parts = (type.Namespace ?? "").Split('.');
        return type.Assembly != Library || parts[0] != "DcpNas" ? null : parts.Length > 1 ? parts[1] : "";
    }

    private static HashSet<Type> KnownBy(Type type)
    {
        var known = new HashSet<Type>();
        Add(type.BaseType);
        foreach (var contract in type.GetInterfaces())
        {
            Add(contract);
        }

        foreach (var field in type.GetFields(Everything))
        {
            Add(field.FieldType);
        }

        foreach (var method in type.GetMembers(Everything).OfType<MethodBase>())
        {
            AddMethod(method);
        }

        if (type.TypeInitializer is { } initializer)
        {
            AddMethod(initializer);
        }

        return known;

        void Add(Type? seen)
        {
            if (seen is null || seen.IsGenericParameter)
            {
                return;
            }

            if (seen.HasElementType)
            {
                Add(seen.GetElementType());
            }
            else if (known.Add(seen.IsGenericType ? seen.GetGenericTypeDefinition() : seen) || seen.IsGenericType)
            {
                foreach (var argument in seen.GetGenericArguments())
                {
                    Add(argument);
                }
            }
        }

        void AddMethod(MethodBase method)
        {
            Add((method as MethodInfo)?.ReturnType);
            foreach (var parameter in method.GetParameters())
            {
                Add(parameter.ParameterType);
            }

            foreach (var local in method.GetMethodBody()?.LocalVariables ?? [])
            {
                Add(local.LocalType);
            }

            foreach (var member in Members(method))
            {
                Add(member as Type ?? member.DeclaringType);
                foreach (var argument in member is MethodInfo { IsGenericMethod: true } generic ? generic.GetGenericArguments() : [])
                {
                    Add(argument);
                }
            }
        }
    }

    /// <summary>The types, methods and fields that the instructions of a method name.</summary>
    private static IEnumerable<MemberInfo> Members(MethodBase method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        var ofType = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var at = 0; at < code.Length;)
        {
            short value = code[at++];
            if (value == 0xFE)
            {
                value = (short)((0xFE << 8) | code[at++]);
            }

            var operand = ByValue[value].OperandType;
            if (operand is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                yield return method.Module.ResolveMember(BitConverter.ToInt32(code, at), ofType, ofMethod)!;
            }

            at += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }
}
