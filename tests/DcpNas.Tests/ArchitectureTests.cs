using System.Reflection;
using System.Reflection.Emit;
using DcpNas.Data;
using DcpNas.Data.Detection;
using DcpNas.Data.ReIdentification;
using DcpNas.Runtime;
using DcpNas.Search;
using DcpNas.SearchSpace;
using DcpNas.Tasks;
using DcpNas.Tasks.ReIdentification;

namespace DcpNas.Tests;

/// <summary>Who may know whom (ARCHITECTURE.md), read from signatures and method bodies.</summary>
public sealed class ArchitectureTests
{
    private const string Runtime = "Runtime";
    private const string EachTask = "Tasks.*";
    private const BindingFlags Everything = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // Foundation holds exceptions, options, files and random numbers; Native loads libtorch. Both are open to all.
    private static readonly string[] Open = ["Foundation", "Native"];

    // A folder stands for itself with its subfolders, but the folders of single tasks are a rule of their own: Tasks is what all tasks have in common.
    // Runtime is the assembly DcpNas.Runtime.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Foundation"] = [],
        ["Native"] = [],
        ["Cost"] = [],
        // A pair: binary layers run on the fused operators, which fuse the sign that Binarization defines.
        ["Operators"] = ["Binarization"],
        ["Binarization"] = ["Operators"],
        ["Distributed"] = [],
        ["Data"] = ["Runtime", "Distributed"],
        ["Statistics"] = [],
        ["Jobs"] = [],
        ["Watching"] = ["Comparison", "Populations", "Candidates", "Jobs", "Runs"],
        ["Runs"] = [],
        ["Protocols"] = ["Data", "Runs"],
        ["SearchSpace"] = ["Binarization", "Operators", "Cost"],
        ["Networks"] = ["SearchSpace", "Binarization", "Operators", "Cost"],
        ["Tasks"] = ["Distributed", "Networks", "Binarization", "Cost", "Data", "Protocols", "Runtime"],
        [EachTask] = ["Distributed", "Tasks", "Training", "Evaluation", "Inference", "Networks", "Binarization", "Cost", "Data", "Protocols", "Runs", "Runtime"],
        ["Training"] = ["Distributed", "Tasks", "Networks", "SearchSpace", "Binarization", "Operators", "Cost", "Data", "Runs", "Runtime"],
        ["Export"] = ["Inference", "Protocols", "Training", "Tasks", EachTask, "Networks", "SearchSpace", "Binarization", "Operators", "Cost", "Data", "Runs", "Runtime", "Runtime.Model"],
        ["Search"] = ["Distributed", "Networks", "SearchSpace", "Binarization", "Operators", "Cost", "Data", "Runs"],
        ["Evaluation"] = ["Training", "Tasks", "Cost", "Data", "Runs"],
        ["Inference"] = ["Training", "Tasks", "Data", "Runs", "Runtime", "Runtime.Model"],
        ["Candidates"] = ["Search", "Training", "Tasks", EachTask, "Networks", "SearchSpace", "Cost", "Runs", "Jobs"],
        ["Populations"] = ["Search", "Training", "Tasks", EachTask, "Networks", "SearchSpace", "Binarization", "Cost", "Data", "Runs", "Statistics", "Jobs"],
        ["Comparison"] = ["Candidates", "Search", "Populations", "Evaluation", "SearchSpace", "Training", "Tasks", EachTask, "Networks", "Binarization", "Cost", "Data", "Runs", "Statistics", "Jobs"],
    };

    // Subfolders that know less than their folder does: of their own folder and of the runtime, these alone.
    private static readonly Dictionary<string, string[]> AllowedInside = new()
    {
        ["Operators.Kernels"] = [],
        ["Runs.Report"] = [],
        ["Distributed.Mpi"] = ["Distributed"],
        ["SearchSpace.Algebra"] = [],
        ["SearchSpace.Layers"] = ["SearchSpace.Algebra"],
        ["Networks.Layers"] = [],
        ["Networks.Graph"] = ["Networks", "Networks.Layers"],
        ["Search.Curvatures"] = ["Search"],
        ["Export.Lowering"] = ["Export"],
        ["Export.Onnx"] = ["Export"],
        ["Protocols.Detection"] = ["Protocols"],
        ["Protocols.ReIdentification"] = [],
        ["Protocols.Reference"] = ["Protocols.Detection", "Protocols.ReIdentification"],
        // Tasks do not know one another.
        ["Tasks.Classification"] = ["Tasks"],
        ["Tasks.ReIdentification"] = ["Tasks"],
        ["Tasks.Detection"] = ["Tasks", "Tasks.Detection.TwoStage"],
        ["Tasks.Detection.TwoStage"] = ["Tasks", "Tasks.Detection"],
        ["Data.Detection"] = ["Data"],
        ["Data.ReIdentification"] = ["Data"],
        // The runtime: kernels know neither the model nor the layers, and the model knows neither of them.
        ["Runtime.Model"] = ["Runtime"],
        ["Runtime.Kernels"] = ["Runtime", "Runtime.Kernels.Dense", "Runtime.Kernels.Depthwise", "Runtime.Kernels.Lanes"],
        ["Runtime.Kernels.Dense"] = ["Runtime", "Runtime.Kernels"],
        ["Runtime.Kernels.Depthwise"] = ["Runtime", "Runtime.Kernels", "Runtime.Kernels.Lanes"],
        ["Runtime.Kernels.Fixed"] = ["Runtime", "Runtime.Kernels", "Runtime.Kernels.Dense"],
        ["Runtime.Kernels.Lanes"] = ["Runtime"],
    };

    private static readonly OpCode[] Codes = [.. typeof(OpCodes).GetFields().Select(field => (OpCode)field.GetValue(null)!)];
    private static readonly Dictionary<short, OpCode> ByValue = Codes.ToDictionary(code => code.Value);
    private static readonly Assembly Library = typeof(SearchOptions).Assembly;
    private static readonly Assembly RuntimeLibrary = typeof(PackedModel).Assembly;

    // Headers of safetensors files have one reader and one writer, in the runtime, which must do without TorchSharp. Foundation makes tensors and files of what
    // they say, checkpoints hash it, and ModelFile asks what a file is. It is all that the library knows of what the runtime keeps to itself.
    private static readonly Type[] SafetensorsHeaders =
    [
        .. ((string[])["ElementType", "ElementTypes", "ModelFaultException", "SafetensorsEntry", "SafetensorsHeader", "SafetensorsReader"])
            .Select(name => RuntimeLibrary.GetType($"DcpNas.Runtime.Model.{name}", throwOnError: true)!),
    ];

    // Reports and tables call operations and edges by their names and show operations in their colours; they know nothing else of the search space.
    private static readonly (string From, Type To)[] Exceptions =
    [
        ("Runs", typeof(OperationNames)), ("Runs", typeof(OperationTable)), ("Runs", typeof(Operation)), ("Runs", typeof(CellTopology)),
        .. SafetensorsHeaders.Select(type => ("Runs", type)),
        .. SafetensorsHeaders.Select(type => ("Foundation", type)),
    ];

    public static TheoryData<string> Folders => [.. Allowed.Keys];

    public static TheoryData<string> Subfolders => [.. AllowedInside.Keys];

    [Fact]
    public void Library_EveryFolder_HasItsRule() => Assert.Equal(
        Allowed.Keys.Order(StringComparer.Ordinal),
        Library.GetTypes().Select(FolderOf).OfType<string>().Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Folders))]
    public void Folder_KnowsNobodyBeyondItsRule(string folder)
    {
        var arrows = Arrows(type => (IsRow(type) ? EachTask : FolderOf(type)) == folder)
            .Where(arrow => FolderOf(arrow.To) is { } known && known != folder && !Open.Contains(known)
                && !Allowed[folder].Contains(known == Runtime ? arrow.Place! : known) && !Exceptions.Contains((folder, arrow.To)))
            .Select(arrow => $"{arrow.From.FullName} -> {arrow.To.FullName}");
        Assert.Equal("", string.Join(Environment.NewLine, arrows.Distinct()));
    }

    [Theory]
    [MemberData(nameof(Subfolders))]
    public void Subfolder_KnowsNobodyBeyondItsRule(string folder)
    {
        var outermost = folder.Split('.')[0];
        var arrows = Arrows(type => PlaceOf(type) == folder)
            .Where(arrow => arrow.Place is not null && arrow.Place != folder && arrow.Place.Split('.')[0] == outermost && !AllowedInside[folder].Contains(arrow.Place))
            .Select(arrow => $"{arrow.Place}");
        Assert.Equal("", string.Join(Environment.NewLine, arrows.Distinct()));
    }

    [Fact]
    public void Folder_Search_IsSeenToKnowTheOthers()
    {
        // The reader of arrows must find what is surely there, or the rules above would hold for nothing.
        var known = Library.GetTypes().Where(type => FolderOf(type) == "Search").SelectMany(KnownBy).Select(FolderOf).OfType<string>().ToHashSet();
        Assert.Superset(new HashSet<string>(["SearchSpace", "Binarization", "Cost", "Data", "Runs", "Native"]), known);
    }

    /// <summary>Each task decides once which images belong to which split; a second place may judge a network on what it has learned.</summary>
    [Theory]
    [InlineData(typeof(HoldOutSplit), nameof(HoldOutSplit.Of), "ClassificationImages", "ImageListing")]
    [InlineData(typeof(DataSplit), nameof(DataSplit.Subset), "ClassificationImages")]
    [InlineData(typeof(PersonSplit), nameof(PersonSplit.Of), "ReIdentificationImages")]
    [InlineData(typeof(DetectionSubset), nameof(DetectionSubset.Split), "DetectionDatasetCatalog", "DetectionImages")]
    [InlineData(typeof(DatasetCatalog), nameof(DatasetCatalog.Open), "SearchSetup", "TrainOptions")]
    [InlineData(typeof(PersonDatasetCatalog), nameof(PersonDatasetCatalog.Open), "PersonCheck", "ReIdentificationTrainOptions")]
    [InlineData(typeof(DetectionDatasetCatalog), nameof(DetectionDatasetCatalog.Open), "DetectOptions")]
    public void Splitting_AndOpeningOfData_IsDoneByTheirOwnersAlone(Type type, string method, params string[] owners) => Assert.Equal(
        owners,
        Library.GetTypes()
            .Where(caller => caller.GetMethods(Everything).Concat<MethodBase>(caller.GetConstructors(Everything)).SelectMany(Members)
                .Any(called => called.DeclaringType == type && called.Name == method))
            .Select(caller => caller.DeclaringType ?? caller).Select(caller => caller.Name).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Library_OfWhatTheRuntimeKeepsToItself_KnowsHeadersOfSafetensorsAlone()
    {
        var types = Library.GetTypes().SelectMany(KnownBy).Where(type => !type.IsVisible);
        var owners = Library.GetTypes().SelectMany(type => type.GetMembers(Everything).OfType<MethodBase>()).SelectMany(Members)
            .Where(member => member is MethodBase { IsAssembly: true } or FieldInfo { IsAssembly: true }).Select(member => member.DeclaringType!);
        Assert.Equal(SafetensorsHeaders, types.Concat(owners).Where(type => type.Assembly == RuntimeLibrary).Distinct().OrderBy(type => type.Name, StringComparer.Ordinal));
    }

    [Fact]
    public void Library_KnowsNoCommandLine() => Assert.DoesNotContain(
        Library.GetReferencedAssemblies(), name => name.Name is "System.CommandLine" or "Spectre.Console" or "DcpNas.Cli");

    private static IEnumerable<(Type From, Type To, string? Place)> Arrows(Func<Type, bool> chosen) =>
        from type in Library.GetTypes().Concat(RuntimeLibrary.GetTypes())
        where chosen(type)
        from known in KnownBy(type)
        select (type, known, PlaceOf(known));

    /// <summary>The folder that a type stands in, with its subfolders: "Operators.Kernels", "Runtime.Model"; "" for the root, null for types of others.</summary>
    private static string? PlaceOf(Type type) =>
        (type.Assembly == Library || type.Assembly == RuntimeLibrary) && type.Namespace is { } name && name.StartsWith("DcpNas", StringComparison.Ordinal)
            ? name["DcpNas".Length..].TrimStart('.')
            : null;

    /// <summary>The outermost folder that a type stands in, "Runtime" for those of the runtime; null for types of others.</summary>
    private static string? FolderOf(Type type) => PlaceOf(type) is not { } place ? null : place.StartsWith("Tasks.", StringComparison.Ordinal) ? EachTask : place.Split('.')[0];

    /// <summary>Whether a type is the table of tasks or its row, which know every task and are known by all.</summary>
    private static bool IsRow(Type type) => type == typeof(TaskTable) || type == typeof(TaskRow) || type == typeof(EvaluateNetwork) || type == typeof(WriteFeatures) || type == typeof(ReadOutputs)
        || (type.DeclaringType is { } outer && IsRow(outer));

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
