using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters.Chats;

namespace Aigc2d.ProviderAdapters.Adapters.Anthropic;

/// <summary>Whether and how the model is told to think, which also decides what else it may be told.</summary>
internal readonly record struct ThinkingPlan
{
    /// <summary>The least that Anthropic accepts.</summary>
    private const int MinBudgetTokens = 1024;

    private const string Off = "none";

    /// <summary>The client's own <c>thinking</c> member, passed as it is.</summary>
    public JsonElement? Given { get; private init; }

    /// <summary>enabled, adaptive or disabled; null when nothing is said.</summary>
    public string? Type { get; private init; }

    public int BudgetTokens { get; private init; }

    public string? Effort { get; private init; }

    /// <summary>Whether it is going to think.</summary>
    public bool IsOn { get; private init; }

    public static ThinkingPlan Of(ChatRequest request, ModelFacts facts, int maxTokens)
    {
        var effort = EffortOf(request.ReasoningEffort);
        var plan = new ThinkingPlan { Effort = facts.Thinking == ThinkingRule.Effort && effort is not Off ? effort : null };
        // A model that must call a tool may not think before it does.
        var mustCall = request.Tools.Count > 0 && request.ToolChoice?.Kind is ToolChoiceKind.Required or ToolChoiceKind.Function;
        if (Fields.Member(request.Root, "thinking") is { } given)
        {
            if (given.ValueKind != JsonValueKind.Object) throw new UntranslatableException("thinking", "must be an object such as {\"type\":\"adaptive\"}.");
            var isOn = Fields.Text(given, "type", "thinking") is not (null or "disabled");
            return mustCall && isOn ? plan.Disabled() : plan with { Given = given, IsOn = isOn };
        }

        var isDefault = facts.ThinksByDefault && effort is not Off;
        return facts.Thinking switch
        {
            ThinkingRule.None => plan,
            _ when effort is Off => plan.Disabled(),
            _ when mustCall => isDefault || effort is not null ? plan.Disabled() : plan,
            _ when effort is null => plan with { IsOn = isDefault },
            ThinkingRule.Effort => plan with { Type = "adaptive", IsOn = true },
            _ => plan.WithBudget(effort, maxTokens, request),
        };
    }

    private ThinkingPlan Disabled() => this with { Type = "disabled", IsOn = false };

    /// <summary>The budget is part of the limit on the output, which the client was promised: it shrinks to fit, and without room nothing is thought.</summary>
    private ThinkingPlan WithBudget(string effort, int maxTokens, ChatRequest request)
    {
        var wanted = effort switch
        {
            "low" => 1_280,
            "medium" => 2_048,
            "high" => 4_096,
            "xhigh" => 8_192,
            _ => 16_384,
        };
        var budget = Math.Min(wanted, Math.Max(MinBudgetTokens, maxTokens / 2));
        return budget >= maxTokens || IsInToolLoop(request) ? this : this with { Type = "enabled", BudgetTokens = budget, IsOn = true };
    }

    /// <summary>Between a call of a tool and the next answer the earlier thoughts would have to be repeated, which OpenAI's dialect has no place for.</summary>
    private static bool IsInToolLoop(ChatRequest request) => request.Messages.LastOrDefault(message => message.Role != ChatRole.System)?.Role == ChatRole.Tool;

    private static string? EffortOf(string? asked) => asked switch
    {
        null or "low" or "medium" or "high" or "xhigh" or "max" => asked,
        "none" or "minimal" => Off,
        _ => throw new UntranslatableException("reasoning_effort", "must be 'none', 'minimal', 'low', 'medium', 'high', 'xhigh' or 'max'."),
    };
}
