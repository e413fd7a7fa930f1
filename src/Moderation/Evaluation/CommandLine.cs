namespace Aigc2d.Moderation.Evaluation;

/// <summary>The arguments of a command on files: names of files, <c>--flag</c> and <c>--option VALUE</c>.</summary>
internal sealed record CommandLine
{
    public required IReadOnlyList<string> Files { get; init; }

    public required IReadOnlyDictionary<string, string> Options { get; init; }

    public bool Has(string flag) => Options.ContainsKey(flag);

    /// <summary>Reads arguments, or says what is wrong with them.</summary>
    public static CommandLine? Parse(string[] args, string[] flags, string[] valued, out string? fault)
    {
        var files = new List<string>();
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        fault = null;
        for (var i = 0; i < args.Length && fault is null; i++)
        {
            var (name, value) = args[i].Split('=', 2) is [var left, var right] && left.StartsWith("--", StringComparison.Ordinal) ? (left, right) : (args[i], null);
            if (!name.StartsWith('-') || name == "-") files.Add(args[i]);
            else if (name == "--") files.AddRange(args[++i..]);
            else if (valued.Contains(name) && (value ?? args.ElementAtOrDefault(++i)) is { Length: > 0 } given) fault = options.TryAdd(name, given) ? null : $"{name} is there twice";
            else if (flags.Contains(name) && value is null) options[name] = "";
            else fault = valued.Contains(name) ? $"{name} needs a value" : $"unknown option {name}";
            if (name == "--") break;
        }

        return fault is null ? new CommandLine { Files = files, Options = options } : null;
    }
}
